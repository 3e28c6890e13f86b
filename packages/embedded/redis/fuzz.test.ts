/** Thousands of ways to break the protocol: each connection gets Redis' own error or is closed, the others work on. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandTable } from './commands/table.ts';
import { contentsOf } from './conformance/contents.ts';
import { RespClient } from './conformance/resp-client.ts';
import { type ServerUnderTest, startOnFreshFolder } from './conformance/server-under-test.ts';

const MALFORMED = 10_000;
const RANDOM_WRITES = process.env.SOUK_LONG_TESTS ? 20_000 : 5_000;
const AT_ONCE = 50;

let server: ServerUnderTest;

beforeAll(async () => {
  server = await startOnFreshFolder();
});

afterAll(() => server.remove());

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
const anyByte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const anyBytes = fc.array(anyByte, { maxLength: 60 }).map((bytes) => bytes.join(''));
const length = fc.oneof(
  fc.constantFrom('-1', '-2', '0', '1', '3', '1000000000', '2147483648', '99999999999999999999', '104857600'),
  fc.constantFrom('', 'abc', '1.5', '+1', '01', ' 1'),
);
const names = [...commandTable.all.keys()].filter((name) => !['quit', 'flushall', 'flushdb'].includes(name));
const argument = fc.oneof(
  anyBytes,
  fc.constantFrom(
    'k',
    '0',
    '-1',
    '9223372036854775807',
    '1e400',
    'nan',
    '(',
    '[',
    '-',
    '+',
    '$',
    '>',
    '*',
    '~',
  ),
  fc.constantFrom(
    'STREAMS',
    'LIMIT',
    'COUNT',
    'MAXLEN',
    'WITHSCORES',
    'BYLEX',
    'GET',
    'EX',
    'BLOCK',
    'GROUP',
  ),
);

const malformed = fc.oneof(
  anyBytes,
  length.map((text) => `*${text}\r\n`),
  length.map((text) => `*1\r\n$${text}\r\nPING\r\n`),
  fc.tuple(length, length).map(([count, size]) => `*${count}\r\n$${size}\r\nGET\r\n$1\r\nk\r\n`),
  fc.constantFrom(
    '*1\r\nPING\r\n',
    '*2\r\n$4\r\nECHO\r\n:1\r\n',
    '*1\r\n$4\r\nPINGPING\r\n',
    '*1\r$4',
    '\n\n\0',
  ),
  fc.constantFrom(
    'SET "a\r\n',
    "SET 'a\r\n",
    'SET "a"b c\r\n',
    `${'x'.repeat(70_000)}`,
    `*${'1'.repeat(70_000)}`,
  ),
  fc.constantFrom(
    'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'POST / HTTP/1.1\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01',
  ),
  // Half a command, and then silence.
  fc
    .tuple(fc.constantFrom(...names), fc.nat(20))
    .map(([name, cut]) => `*2\r\n${bulk(name)}$5\r\nhello`.slice(0, cut)),
  // Whole commands that make no sense.
  fc
    .tuple(fc.constantFrom(...names), fc.array(argument, { maxLength: 6 }))
    .map(([name, args]) => `*${args.length + 1}\r\n${[name, ...args].map(bulk).join('')}`),
);

const LEGIBLE = /^(?:[-+:$*_%~>,=]|$)/;

/** What came back until the server closed the connection, or had nothing to say to it for so long. */
async function throwAt(bytes: string, silence = 0): Promise<string> {
  const client = await RespClient.open(server.url);
  client.socket.removeAllListeners('data');
  let received = '';
  client.socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  client.socket.end(bytes, 'latin1');
  client.socket.setTimeout(silence, () => client.socket.destroy());
  await client.closed;
  return received;
}

test(`${MALFORMED} malformed inputs harm no one else`, async () => {
  const bystander = await RespClient.open(server.url);
  await bystander.call('SET', 'bystander', 'unharmed');
  const inputs = fc.sample(malformed, { numRuns: MALFORMED, seed: 4 });
  const faults: string[] = [];
  for (let start = 0; start < inputs.length; start += AT_ONCE) {
    const replies = await Promise.all(
      inputs.slice(start, start + AT_ONCE).map((bytes) => throwAt(bytes, 500)),
    );
    for (const [place, reply] of replies.entries()) {
      if (!LEGIBLE.test(reply) || reply.includes('internal error')) {
        faults.push(`${JSON.stringify(inputs[start + place])} was answered ${JSON.stringify(reply)}`);
      }
    }
    expect(await bystander.call('GET', 'bystander')).toBe('unharmed');
  }
  expect(faults).toEqual([]);
  expect(server.warnings.filter((warning) => warning.includes('should not'))).toEqual([]);
  bystander.close();
}, 60_000);

test('each break of the protocol is told in the words of Redis, and ends the connection', async () => {
  const cases: [string, string][] = [
    ['*abc\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
    ['*3000000000\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
    ['*1\r\n$-5\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['*1\r\n$104857600\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['*1\r\nPING\r\n', "-ERR Protocol error: expected '$', got 'P'\r\n"],
    ['x'.repeat(70_000), '-ERR Protocol error: too big inline request\r\n'],
    [`*${'1'.repeat(70_000)}`, '-ERR Protocol error: too big mbulk count string\r\n'],
    [`*1\r\n$${'1'.repeat(70_000)}`, '-ERR Protocol error: too big bulk count string\r\n'],
    ['GET "k\r\n', '-ERR Protocol error: unbalanced quotes in request\r\n'],
    ['PING\r\n*x\r\nPING\r\n', '+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n'],
    ['POST / HTTP/1.1\r\n', ''],
  ];
  for (const [bytes, reply] of cases)
    expect([bytes.slice(0, 20), await throwAt(bytes)]).toEqual([bytes.slice(0, 20), reply]);
});

test('commands sent with the end of the connection are answered', async () => {
  expect(await throwAt('PING\r\nECHO hi\r\n')).toBe('+PONG\r\n$2\r\nhi\r\n');
});

const words = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'c',
    '0',
    '1',
    '2',
    '3',
    '-1',
    '1.5',
    '100',
    '5-1',
    '6-*',
    '7-0',
    'string1',
    'list1',
  ),
  fc.constantFrom('*', '~', '=', '>', '-', '+', '[a', '(1', 'inf', 'NX', 'XX', 'GT', 'EX', 'PX', 'KEEPTTL'),
  fc.constantFrom('LEFT', 'RIGHT', 'MIN', 'MAX', 'REPLACE', 'DB', 'COUNT', 'STORE', 'BEFORE', 'WEIGHTS'),
);
const writers = [...commandTable.all.values()].filter(
  ({ name, command }) =>
    command && /write/.test(command.flags) && !/blocking/.test(command.flags) && !name.startsWith('flush'),
);
/** Keys of a type of their own for each family, so that most commands find what they are made for. */
const keyFor = (group: string) => fc.constantFrom(`${group}1`, `${group}2`);
const randomWrite = fc
  .constantFrom(...writers)
  .chain(({ name, group }) =>
    fc
      .tuple(keyFor(group), fc.array(fc.oneof(words, keyFor(group)), { minLength: 0, maxLength: 4 }))
      .map(([key, args]) => [name, key, ...args]),
  );
const someIds = fc.array(fc.constantFrom('1-1', '2-1', '3-1', '4-1', '5-1'), { minLength: 1, maxLength: 3 });
const streamWrite = keyFor('stream').chain((key) =>
  fc.oneof(
    fc.constantFrom('*', '6-*', '9999999999999-*').map((id) => ['xadd', key, id, 'f', 'v']),
    fc.constantFrom('0', '2', '100').map((kept) => ['xadd', key, 'MAXLEN', '~', kept, '*', 'f', 'v']),
    fc.constantFrom('0', '1', '3').map((kept) => ['xtrim', key, 'MAXLEN', kept]),
    fc.constant(['xgroup', 'create', key, 'g', '0', 'MKSTREAM']),
    fc.constantFrom('0', '$', '3-1').map((id) => ['xgroup', 'setid', key, 'g', id]),
    fc.constant(['xgroup', 'delconsumer', key, 'g', 'bob']),
    fc
      .tuple(fc.constantFrom('alice', 'bob'), fc.constantFrom('>', '0'))
      .map(([consumer, id]) => ['xreadgroup', 'group', 'g', consumer, 'count', '3', 'streams', key, id]),
    someIds.map((ids) => ['xdel', key, ...ids]),
    someIds.map((ids) => ['xack', key, 'g', ...ids]),
    someIds.map((ids) => ['xclaim', key, 'g', 'bob', '0', ...ids, 'FORCE']),
    fc.constant(['xautoclaim', key, 'g', 'alice', '0', '0', 'COUNT', '2']),
    fc.constantFrom('1', '2', '3', '4', '5').map((ms) => ['xadd', key, `${ms}-1`, 'f', 'v']),
    fc.constant(['del', key]),
  ),
);
const anyWrite = fc.oneof({ weight: 3, arbitrary: randomWrite }, { weight: 1, arbitrary: streamWrite });

test('whatever random commands leave behind comes back the same after a restart', async () => {
  const client = await RespClient.open(server.url);
  await client.call('FLUSHALL');
  const commands = fc.sample(anyWrite, { numRuns: RANDOM_WRITES, seed: 7 });
  for (const args of commands) client.send(...args);
  let changed = 0;
  for (const _ of commands) {
    const reply = await client.read();
    if (typeof reply !== 'object' || reply === null || !('error' in reply)) changed++;
  }
  expect(changed).toBeGreaterThan(RANDOM_WRITES / 4);
  const before = await contentsOf(client);
  await server.restart();
  const after = await RespClient.open(server.url);
  expect(await contentsOf(after)).toEqual(before);
  expect(server.warnings.filter((warning) => !warning.includes('HTTP'))).toEqual([]);
  after.close();
});
