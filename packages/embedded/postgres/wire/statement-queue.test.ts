import { describe, expect, test } from '@jest/globals';
import { QUEUE_HIGH } from '../limits.ts';
import { say } from '../tests/raw-client.ts';
import { statementQueue } from './statement-queue.ts';

const typesIn = (messages: readonly Buffer[]) =>
  messages.map((message) => String.fromCharCode(message[0] as number)).join('');
const filled = (...messages: Buffer[]) => {
  const queue = statementQueue(() => {});
  for (const message of messages) queue.push(message);
  return queue;
};
const extended = [say.parse('', 'SELECT 1'), say.bind(''), say.execute()];

describe('a job', () => {
  test('is all whole units, or one of them', () => {
    const queue = filled(say.query('SELECT 1'), ...extended, say.sync(), say.parse('', 'SELECT 2'));
    expect(queue.hasJob()).toBe(true);
    expect(typesIn(queue.takeJob('one'))).toBe('Q');
    expect(typesIn(queue.takeJob('all'))).toBe('PBES');
    expect(queue.hasJob()).toBe(false);
  });

  test('is the beginning of a unit when the client asks for its answer, also behind whole units', () => {
    const queue = filled(
      ...extended,
      say.sync(),
      say.parse('', 'SELECT 2'),
      say.describeStatement(''),
      say.flush(),
    );
    expect(typesIn(queue.takeJob('all'))).toBe('PBES');
    expect(queue.hasJob()).toBe(true);
    expect(typesIn(queue.takeJob('all'))).toBe('PDH');
    expect(queue.hasJob()).toBe(false);
    expect(queue.bytes).toBe(0);
  });

  test('ends before COPY data, and data without a COPY is left out', () => {
    const queue = filled(
      say.query('COPY t FROM STDIN'),
      say.copyData('1\n'),
      say.copyDone(),
      say.query('SELECT 1'),
    );
    expect(typesIn(queue.takeJob('all'))).toBe('Q');
    expect(typesIn(queue.takeCopyInput())).toBe('dc');
    const late = filled(say.copyData('1\n'), say.copyDone(), say.query('SELECT 1'), say.copyData('2\n'));
    expect(typesIn(late.takeJob('all'))).toBe('Q');
    expect(late.takeCopyInput()).toHaveLength(1);
    const onlyData = filled(say.copyData('1\n'), say.copyDone());
    onlyData.requestFlush();
    expect(onlyData.takeJob('all')).toEqual([]);
    expect(onlyData.hasJob()).toBe(false);
  });

  test('is not larger than need be, and may begin a unit that is', () => {
    const big = say.query('x'.repeat(QUEUE_HIGH));
    expect(filled(big, say.query('SELECT 1')).takeJob('all')).toHaveLength(1);
    const endless = filled(...extended);
    expect(endless.hasJob()).toBe(false);
    endless.requestFlush();
    expect(typesIn(endless.takeJob('all'))).toBe('PBE');
  });

  test('that was given back is taken again in its place', () => {
    const queue = filled(say.query('SELECT 1'), ...extended, say.flush());
    const taken = queue.takeJob('all');
    queue.giveBack(taken);
    expect(typesIn(queue.takeJob('one'))).toBe('Q');
    const begun = queue.takeJob('all');
    queue.push(say.sync());
    queue.giveBack(begun);
    expect(queue.hasJob()).toBe(true);
    expect(typesIn(queue.takeJob('all'))).toBe('PBEHS');
  });
});

describe('the end of what was taken', () => {
  test('is taken again before what has come since', () => {
    const [first, second, third] = [say.query('SELECT 1'), say.query('SELECT 22'), say.query('SELECT 333')];
    const queue = filled(first, second);
    const taken = queue.takeJob('all');
    queue.push(third);
    queue.giveBack(taken, second.length);
    expect(queue.takeJob('all')).toEqual([second, third]);
  });
});

describe('a unit that is dropped', () => {
  test('goes as a whole, and the next one stays', () => {
    const queue = filled(...extended, say.sync(), say.query('SELECT 1'));
    expect(queue.dropUnit()).toBe(true);
    expect(typesIn(queue.takeJob('all'))).toBe('Q');
  });

  test('goes until its sync when that has not come yet', () => {
    let dropped = 0;
    const queue = statementQueue(() => {
      dropped += 1;
    });
    for (const message of extended) queue.push(message);
    expect(queue.dropUnit()).toBe(false);
    queue.push(say.execute());
    expect(dropped).toBe(0);
    queue.push(say.sync());
    expect(dropped).toBe(1);
    queue.push(say.query('SELECT 1'));
    expect(typesIn(queue.takeJob('all'))).toBe('Q');
  });
});
