import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { silentLog } from '../observe/log.ts';
import { type GroupOptions, readGroup, type StreamReader } from '../redis/group.ts';
import { type OpenRedis, openRedis } from '../redis/redis.ts';
import { ownName, REDIS_URL, withRedis } from '../tests/stores.ts';
import { newId } from '../values/ids.ts';
import {
  answerPrivacyCommands,
  type PrivacyAnswer,
  receivePrivacyAnswers,
  sendPrivacyCommand,
} from './privacy.ts';

/** Resolves with the next value that is put in. */
function mailbox<Value>() {
  const values: Value[] = [];
  const waiting: ((value: Value) => void)[] = [];
  return {
    put: (value: Value) => {
      const next = waiting.shift();
      if (next) next(value);
      else values.push(value);
    },
    take: () =>
      new Promise<Value>((resolve) => {
        const value = values.shift();
        if (value === undefined) waiting.push(resolve);
        else resolve(value);
      }),
  };
}

withRedis('Streams read in groups', () => {
  let open: OpenRedis;
  const streams: string[] = [];
  const readers: StreamReader[] = [];

  beforeAll(async () => {
    open = await openRedis({ url: REDIS_URL!, service: 'kit-tests' });
  });
  afterAll(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await open.redis.del(...streams);
    await open.close();
  });

  const newStream = () => {
    const stream = ownName('stream');
    streams.push(stream);
    return stream;
  };
  const read = (stream: string, handle: GroupOptions['handle'], claimAfterMs = 50) => {
    const reader = readGroup({
      redis: open.redis,
      stream,
      group: 'readers',
      handle,
      log: silentLog,
      claimAfterMs,
    });
    readers.push(reader);
    return reader;
  };
  const write = (stream: string, value: unknown) =>
    open.redis.xadd(stream, '*', 'json', typeof value === 'string' ? value : JSON.stringify(value));

  test('what was written before the first reader came is read, in order, and then taken out', async () => {
    const stream = newStream();
    const box = mailbox<unknown>();
    for (const n of [1, 2, 3]) await write(stream, { n });
    const reader = read(stream, async (value) => box.put(value));
    expect([await box.take(), await box.take(), await box.take()]).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    await write(stream, { n: 4 });
    expect(await box.take()).toEqual({ n: 4 });
    await reader.stop();
    expect(await open.redis.xlen(stream)).toBe(0);
  });

  test('each entry goes to one of several readers', async () => {
    const stream = newStream();
    const box = mailbox<number>();
    // So long that neither takes the other for dead, however busy the machine is.
    for (let reader = 0; reader < 2; reader++)
      read(stream, async (value) => box.put(value as number), 60_000);
    const sent = Array.from({ length: 30 }, (_, index) => index + 1);
    for (const n of sent) await write(stream, n);
    const got: number[] = [];
    while (got.length < sent.length) got.push(await box.take());
    expect(got.sort((a, b) => a - b)).toEqual(sent);
  });

  test('an entry whose handling fails is tried again, and one that nobody can read is dropped', async () => {
    const stream = newStream();
    const box = mailbox<unknown>();
    let failures = 2;
    await write(stream, 'no JSON');
    await write(stream, { n: 1 });
    read(stream, async (value) => {
      failures -= 1;
      if (failures >= 0) throw new Error('not yet');
      box.put(value);
    });
    expect(await box.take()).toEqual({ n: 1 });
    expect(failures).toBe(-1);
  });

  test('reading goes on when the stream is lost together with its group', async () => {
    const stream = newStream();
    const box = mailbox<unknown>();
    read(stream, async (value) => box.put(value));
    await write(stream, 1);
    expect(await box.take()).toBe(1);
    await open.redis.del(stream);
    await write(stream, 2);
    expect(await box.take()).toBe(2);
  });

  test('a domain is asked, does its duty, and its answer arrives; one that fails gives none', async () => {
    const domain = `test-${newId('dom').slice(-8).toLowerCase()}`;
    streams.push(`souk:privacy:${domain}`, `souk:privacy:${domain}:answers`);
    const exportUser = jest.fn(async (userId: string) => {
      if (userId === 'usr_broken') throw new Error('the store is away');
      return { records: 2, data: { userId } };
    });
    const eraseUser = jest.fn(async () => ({ records: 5, retained: 'invoices' }));
    readers.push(
      answerPrivacyCommands({ redis: open.redis, domain, duties: { exportUser, eraseUser }, log: silentLog }),
    );
    const box = mailbox<PrivacyAnswer>();
    readers.push(receivePrivacyAnswers(open.redis, domain, async (answer) => box.put(answer), silentLog));
    const ask = (requestId: string, kind: 'EXPORT' | 'ERASURE', userId: string) =>
      sendPrivacyCommand(open.redis, { requestId, kind, userId, domain, askedBy: domain });
    const answerTo = async (requestId: string) => {
      for (;;) {
        const answer = await box.take();
        if (answer.requestId === requestId) return answer;
      }
    };
    await ask(`${domain}-1`, 'EXPORT', 'usr_broken');
    await ask(`${domain}-2`, 'EXPORT', 'usr_1');
    await ask(`${domain}-3`, 'ERASURE', 'usr_1');
    expect(await answerTo(`${domain}-2`)).toEqual({
      requestId: `${domain}-2`,
      domain,
      records: 2,
      data: { userId: 'usr_1' },
    });
    expect(await answerTo(`${domain}-3`)).toMatchObject({ records: 5, retained: 'invoices' });
    expect(exportUser.mock.calls.map(([userId]) => userId)).toEqual(['usr_broken', 'usr_1']);
  });
});
