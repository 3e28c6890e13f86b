/** Ordinary clients: a pool under load, drizzle with its migrations, psql. Also against a real server (POSTGRES_URL). */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { eq, sql as expression } from 'drizzle-orm';
import { bigint, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { eventually, withServer } from './tests/with-server.ts';

const server = withServer({ real: true });
const CALLERS = 20;
/** Of each caller. */
const QUERIES = 500;

describe('a pool of ten', () => {
  test(`answers ${CALLERS * QUERIES} mixed queries of ${CALLERS} concurrent callers, each with its own rows`, async () => {
    const sql = server.driver({ max: 10 });
    await sql`DROP TABLE IF EXISTS mixed`;
    await sql`CREATE TABLE mixed (id int PRIMARY KEY, caller int NOT NULL, value text NOT NULL)`;
    let wrong = 0;
    const check = (isRight: boolean) => {
      if (!isRight) wrong += 1;
    };
    const kinds: ((caller: number, i: number) => Promise<void>)[] = [
      async (caller, i) => {
        const [row] = await sql`SELECT ${caller}::int AS caller, ${i}::int AS i`;
        check(row?.caller === caller && row.i === i);
      },
      async (caller, i) => {
        const [row] = await sql.unsafe(`SELECT ${caller} AS caller, 'simple ${i}' AS text`);
        check(row?.caller === caller && row.text === `simple ${i}`);
      },
      async (caller, i) => {
        const [row] = await sql.unsafe('SELECT $1::text AS text', [`unnamed ${caller} ${i}`], {
          prepare: false,
        });
        check(row?.text === `unnamed ${caller} ${i}`);
      },
      async (caller, i) => {
        const id = caller * 1000 + i;
        await sql.begin(async (transaction) => {
          await transaction`INSERT INTO mixed VALUES (${id}, ${caller}, ${`value ${id}`})`;
          const [row] = await transaction`SELECT caller, value FROM mixed WHERE id = ${id}`;
          check(row?.caller === caller && row.value === `value ${id}`);
        });
      },
      async (caller, i) => {
        const rows = await sql`SELECT g FROM generate_series(${i}::int, ${i + caller}::int) g`;
        check(rows.length === caller + 1 && rows[0]?.g === i);
      },
      async (caller, i) => {
        const failed = await sql`SELECT ${caller} / (${i}::int - ${i}::int) AS never`.catch(
          (error) => error.code,
        );
        check(failed === '22012');
      },
    ];
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => {
        for (let i = 0; i < QUERIES; i++) await kinds[(caller + i) % kinds.length]?.(caller, i);
      }),
    );
    expect(wrong).toBe(0);
    const [kept] = await sql`SELECT count(*)::int AS rows FROM mixed WHERE value = 'value ' || id`;
    const asked = Array.from(
      { length: CALLERS * QUERIES },
      (_, n) => Math.floor(n / QUERIES) + (n % QUERIES),
    );
    expect(kept?.rows).toBe(asked.filter((kind) => kind % kinds.length === 3).length);
  });

  test('counts right when all change the same row', async () => {
    const sql = server.driver({ max: 10 });
    await sql`DROP TABLE IF EXISTS counter`;
    await sql`CREATE TABLE counter AS SELECT 0 AS n`;
    const add = () =>
      sql.begin(async (transaction) => {
        const [row] = await transaction`SELECT n FROM counter FOR UPDATE`;
        await transaction`UPDATE counter SET n = ${row?.n + 1}`;
      });
    await Promise.all(Array.from({ length: 200 }, add));
    expect(await sql`SELECT n FROM counter`).toEqual([{ n: 200 }]);
  });
});

describe('postgres.js', () => {
  test('streams with cursors, copies, listens and keeps types', async () => {
    const sql = server.driver({ max: 3 });
    const sizes: number[] = [];
    await sql`SELECT g FROM generate_series(1, 250) g`.cursor(100, (rows) => {
      sizes.push(rows.length);
    });
    expect(sizes).toEqual([100, 100, 50]);

    await sql`DROP TABLE IF EXISTS streamed`;
    await sql`CREATE TABLE streamed (i int, t text)`;
    const writable = await sql`COPY streamed FROM STDIN`.writable();
    await new Promise((resolve, reject) => {
      writable.on('finish', resolve).on('error', reject);
      for (let i = 0; i < 20_000; i++) writable.write(`${i}\trow ${i}\n`);
      writable.end();
    });
    expect(await sql`SELECT count(*)::int AS count, max(i) FROM streamed`).toEqual([
      { count: 20_000, max: 19_999 },
    ]);
    let copied = '';
    for await (const chunk of await sql`COPY (SELECT * FROM streamed ORDER BY i LIMIT 2) TO STDOUT`.readable())
      copied += chunk;
    expect(copied).toBe('0\trow 0\n1\trow 1\n');

    const heard: string[] = [];
    await sql.listen('news', (payload) => heard.push(payload));
    await sql.begin(async (transaction) => {
      await transaction`SELECT pg_notify('news', 'one')`;
    });
    await sql.notify('news', 'two');
    await eventually(() => heard.length === 2);
    expect(heard).toEqual(['one', 'two']);

    const [types] = await sql`
      SELECT 9007199254740993::bigint AS big, 1.50::numeric AS exact, now() AS time, '{"a": [1]}'::jsonb AS json,
        ARRAY['x', 'y'] AS list, '\\x00ff'::bytea AS bytes, NULL AS nothing, true AS yes`;
    expect(types).toMatchObject({
      big: '9007199254740993',
      exact: '1.50',
      time: expect.any(Date),
      json: { a: [1] },
      list: ['x', 'y'],
      bytes: Buffer.from([0, 255]),
      nothing: null,
      yes: true,
    });
  });
});

describe('drizzle', () => {
  const orders = pgTable('drizzle_orders', {
    id: text().primaryKey(),
    total: bigint({ mode: 'bigint' }).notNull(),
    lines: jsonb().$type<{ sku: string }[]>().notNull(),
    placed: timestamp({ withTimezone: true }).defaultNow().notNull(),
  });

  test('migrates, and works in transactions', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'souk-migrations-'));
    mkdirSync(join(folder, 'meta'));
    const entry = { idx: 0, version: '7', when: Date.now(), tag: '0000_orders', breakpoints: true };
    writeFileSync(
      join(folder, 'meta/_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries: [entry] }),
    );
    writeFileSync(
      join(folder, '0000_orders.sql'),
      `CREATE TABLE drizzle_orders (id text PRIMARY KEY, total bigint NOT NULL, lines jsonb NOT NULL,
         placed timestamptz NOT NULL DEFAULT now());
       --> statement-breakpoint
       CREATE INDEX drizzle_orders_placed ON drizzle_orders (placed, id);`,
    );
    const sql = server.driver({ max: 4 });
    await sql`DROP TABLE IF EXISTS drizzle_orders`;
    const db = drizzle(sql);
    const options = {
      migrationsFolder: folder,
      migrationsSchema: 'migrated',
      migrationsTable: `at_${Date.now()}`,
    };
    await migrate(db, options);
    await migrate(db, options);

    await db.transaction(async (transaction) => {
      await transaction.insert(orders).values({ id: 'ord_1', total: 1999n, lines: [{ sku: 'shoe' }] });
      const undone = transaction.transaction(async (inner) => {
        await inner.delete(orders);
        throw new Error('undo');
      });
      await expect(undone).rejects.toThrow('undo');
    });
    const updated = await db
      .insert(orders)
      .values({ id: 'ord_1', total: 5n, lines: [] })
      .onConflictDoUpdate({
        target: orders.id,
        set: { total: expression`drizzle_orders.total + excluded.total` },
      })
      .returning();
    expect(updated).toMatchObject([
      { id: 'ord_1', total: 2004n, lines: [{ sku: 'shoe' }], placed: expect.any(Date) },
    ]);
    expect(await db.select({ total: orders.total }).from(orders).where(eq(orders.id, 'ord_1'))).toEqual([
      { total: 2004n },
    ]);
    rmSync(folder, { recursive: true });
  });
});

const hasPsql = spawnSync('psql', ['--version']).status === 0;

/** Not the synchronous kind: this process is the server. */
const psql = (input: string, ...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      'psql',
      ['-X', '-q', '-v', 'ON_ERROR_STOP=1', server.url, ...args],
      (error, output) => (error ? reject(error) : resolve(output)),
    );
    child.stdin?.end(input);
  });

describe('psql', () => {
  (hasPsql ? test : test.skip)('describes tables, copies, and runs scripts', async () => {
    const run = (...args: string[]) => psql('', ...args);
    await run(
      '-c',
      'DROP TABLE IF EXISTS from_psql; CREATE TABLE from_psql (id serial PRIMARY KEY, name text UNIQUE)',
    );
    const script = [
      'BEGIN;',
      '\\copy from_psql (name) FROM STDIN',
      'one',
      'two',
      '\\.',
      'COMMIT;',
      '\\set FETCH_COUNT 1',
      'SELECT name FROM from_psql ORDER BY id;',
    ];
    expect(await psql(script.join('\n'), '-A', '-t')).toBe('one\ntwo\n');
    expect(await run('-c', '\\d from_psql')).toContain(
      '"from_psql_name_key" UNIQUE CONSTRAINT, btree (name)',
    );
    expect(await run('-c', '\\dn')).toContain('public');
    expect(await run('-c', '\\du')).toContain('souk');
    expect(await run('-c', '\\conninfo')).toContain('souk');
    expect(await run('-A', '-t', '-c', "COPY (SELECT 'out') TO STDOUT")).toBe('out\n');
  });
});
