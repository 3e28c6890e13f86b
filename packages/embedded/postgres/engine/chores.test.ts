import { expect, test } from '@jest/globals';
import { frame, int32 } from '../wire/messages.ts';
import { createChores } from './chores.ts';

const oneValue = (text: string) => frame('D', Buffer.from([0, 1]), int32(text.length), Buffer.from(text));

test('tables that changed much are vacuumed one by one once the engine idles, then a checkpoint ends the round', () => {
  let time = 0;
  const worst = ['public.orders', 'public.carts', undefined];
  const done: string[] = [];
  const chores = createChores(
    (sql) => {
      if (sql.includes('pg_stat_user_tables')) {
        const table = worst.shift();
        return table ? oneValue(table) : Buffer.alloc(0);
      }
      if (!sql.includes('force_next_flush')) done.push(sql);
      return Buffer.alloc(0);
    },
    () => time,
  );
  expect(chores.dueAfter()).toBe(Number.POSITIVE_INFINITY);
  chores.worked();
  expect(chores.dueAfter()).toBe(60_000);
  time = 60_000;
  expect(chores.dueAfter()).toBe(1_000);
  chores.next();
  chores.next();
  expect(chores.dueAfter()).toBe(1_000);
  chores.next();
  expect(done).toEqual(['VACUUM (ANALYZE) public.orders', 'VACUUM (ANALYZE) public.carts', 'CHECKPOINT']);
  expect(chores.dueAfter()).toBe(Number.POSITIVE_INFINITY);
});

test('a table that stays the worst is tried once a round', () => {
  const done: string[] = [];
  const chores = createChores((sql) => {
    done.push(sql);
    return sql.includes('pg_stat_user_tables') ? oneValue('public.stuck') : Buffer.alloc(0);
  });
  chores.worked();
  chores.next();
  chores.next();
  expect(done.filter((sql) => sql.startsWith('VACUUM'))).toHaveLength(1);
  expect(done.at(-1)).toBe('CHECKPOINT');
});
