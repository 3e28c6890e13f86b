import assert from 'node:assert/strict';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { serialize } from 'bson';
import { settledQueries, startTestServer, type TestServer } from '../commands/tests/test-server.ts';
import { crc32c } from './crc32c.ts';
import { bodySection, message, opMsg, RawClient, sequenceSection } from './tests/raw-client.ts';

const STALL_MS = 60;
const DAMAGED = 10_000;
/** Of somebody who reads no answer. */
const REQUESTS = process.env.SOUK_LONG_TESTS ? 200 : 100;
const OP_QUERY = 2004;
const OP_COMPRESSED = 2012;

let shop: TestServer;
let raw: RawClient;
beforeAll(async () => {
  shop = await startTestServer();
});
afterAll(() => shop.stop());
beforeEach(() => {
  raw = new RawClient(shop.server.port);
});
afterEach(() => raw.end());

const ping = (flags = 0) => opMsg([bodySection({ ping: 1 })], flags);

describe('OP_MSG', () => {
  test('reads documents from the body and from sequences', async () => {
    raw.send(
      opMsg([
        bodySection({ insert: 'sent', ordered: true }),
        sequenceSection('documents', [{ _id: 1 }, { _id: 2 }]),
      ]),
    );
    expect((await raw.reply()).body).toEqual({ n: 2, ok: 1 });
    expect(await raw.command({ count: 'sent' })).toEqual({ n: 2, ok: 1 });
  });

  test('answers in the order of the requests, however they are cut', async () => {
    const requests = [ping(), ping(), ping()];
    for (const byte of Buffer.concat(requests)) raw.send(Buffer.of(byte));
    raw.send(Buffer.concat([...requests, ...requests]));
    const answered: number[] = [];
    for (let i = 0; i < 9; i++) answered.push((await raw.reply()).responseTo);
    const ids = requests.map((request) => request.readInt32LE(4));
    expect(answered).toEqual([...ids, ...ids, ...ids]);
  });

  test('sends no reply where none is awaited, not even an error', async () => {
    const moreToCome = 2;
    raw.send(
      opMsg([bodySection({ insert: 'silent', documents: [{ _id: 1 }], writeConcern: { w: 0 } })], moreToCome),
    );
    raw.send(opMsg([bodySection({ nonsense: 1 })], moreToCome));
    expect(await raw.command({ count: 'silent' })).toEqual({ n: 1, ok: 1 });
  });

  test('takes a checksum, and tells one that is wrong before it closes', async () => {
    const withSum = Buffer.concat([ping(1), Buffer.alloc(4)]);
    withSum.writeInt32LE(withSum.length, 0);
    withSum.writeUInt32LE(crc32c(withSum.subarray(0, -4)), withSum.length - 4);
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    raw.send(withSum);
    expect((await raw.reply()).body).toEqual({ ok: 1 });
    withSum.writeUInt32LE(12345, withSum.length - 4);
    raw.send(withSum);
    expect((await raw.reply()).body).toMatchObject({ ok: 0, code: 288, codeName: 'ChecksumMismatch' });
    await raw.until(() => raw.closed);
  });

  test('ignores optional flags and refuses required ones that it does not know', async () => {
    const exhaustAllowed = 1 << 16;
    raw.send(ping(exhaustAllowed));
    expect((await raw.reply()).bytes.readUInt32LE(16)).toBe(0);
    raw.send(ping(1 << 7));
    expect((await raw.reply()).body).toMatchObject({ ok: 0, code: 223 });
    await raw.until(() => raw.closed);
  });

  test.each([
    ['two bodies', [bodySection({ ping: 1 }), bodySection({ ping: 1 })], 40430],
    ['no body', [sequenceSection('documents', [{}])], 40587],
    [
      'an unknown kind of section',
      [bodySection({ ping: 1 }), Buffer.concat([Buffer.of(9), serialize({})])],
      40432,
    ],
    [
      'a sequence twice',
      [bodySection({ insert: 'x' }), sequenceSection('a', [{}]), sequenceSection('a', [{}])],
      40431,
    ],
    [
      'a field both ways',
      [bodySection({ insert: 'x', documents: [] }), sequenceSection('documents', [{}])],
      40433,
    ],
    ['a section that is too long', [Buffer.concat([Buffer.of(0, 200, 0, 0, 0), Buffer.alloc(20)])], 9],
    ['no $db', [Buffer.concat([Buffer.of(0), serialize({ ping: 1 })])], 40571],
  ])('tells what is wrong with %s, and goes on', async (_what, sections, code) => {
    raw.send(opMsg(sections));
    expect((await raw.reply()).body).toMatchObject({ ok: 0, code });
    expect(await raw.command({ ping: 1 })).toEqual({ ok: 1 });
  });

  test('refuses BSON that lies about its length or is not UTF-8, and goes on', async () => {
    const lying = bodySection({ insert: 'lies', documents: [{ text: 'abc' }] });
    const textAt = lying.indexOf('abc');
    lying.writeInt32LE(400, textAt - 4);
    raw.send(opMsg([lying]));
    expect((await raw.reply()).body).toMatchObject({ ok: 0, code: 22, codeName: 'InvalidBSON' });
    lying.writeInt32LE(4, textAt - 4);
    lying[textAt] = 0xff;
    raw.send(opMsg([lying]));
    expect((await raw.reply()).body).toMatchObject({ ok: 0, code: 22, codeName: 'InvalidBSON' });
    expect(await raw.command({ count: 'lies' })).toEqual({ n: 0, ok: 1 });
  });
});

describe('the old opcodes', () => {
  const query = (namespace: string, body: object) =>
    message(
      OP_QUERY,
      Buffer.concat([Buffer.alloc(4), Buffer.from(`${namespace}\0`), Buffer.alloc(8), serialize(body)]),
    );

  test.each([{ isMaster: 1, helloOk: true }, { hello: 1 }, { $query: { ismaster: 1 } }])(
    'greet with OP_QUERY: %j',
    async (body) => {
      raw.send(query('admin.$cmd', body));
      const reply = await raw.reply();
      expect(reply.opCode).toBe(1);
      expect(reply.body).toMatchObject({ maxWireVersion: 21, minWireVersion: 0, readOnly: false, ok: 1 });
      expect(reply.body).not.toHaveProperty('setName');
      expect(reply.body).not.toHaveProperty('compression');
    },
  );

  test('ask for nothing else', async () => {
    raw.send(query('shop.$cmd', { count: 'things' }));
    const reply = await raw.reply();
    expect(reply.body).toMatchObject({ ok: 0, code: 352, codeName: 'UnsupportedOpQueryCommand' });
    expect(reply.bytes.readInt32LE(16)).toBe(2);
    raw.send(message(OP_QUERY, Buffer.from('short')));
    expect((await raw.reply()).body).toMatchObject({ ok: 0, code: 9 });
  });

  test.each([OP_COMPRESSED, 2001, 2002, 2005, 2006, 2007, 99])('close the connection: %i', async (opCode) => {
    raw.send(message(opCode, Buffer.alloc(30)));
    await raw.until(() => raw.closed);
    expect(raw.replies).toEqual([]);
  });
});

describe('a client that misbehaves', () => {
  /** Of its own: on a busy machine anybody's message may come in pieces that are this far apart. */
  let impatient: TestServer;
  beforeAll(async () => {
    impatient = await startTestServer({ stallMs: STALL_MS });
  });
  afterAll(() => impatient.stop());

  test.each([0, -1, 15, 48_000_001, 100_000_000])('is cut off when it announces %i bytes', async (length) => {
    raw.send(message(2013, Buffer.alloc(0), length));
    await raw.until(() => raw.closed);
    expect(await shop.db.command({ ping: 1 })).toEqual({ ok: 1 });
  });

  test('is cut off when it sends half a message and then nothing, and the others are not', async () => {
    const [silent, idle] = [new RawClient(impatient.server.port), new RawClient(impatient.server.port)];
    await idle.command({ ping: 1 });
    silent.send(ping().subarray(0, 30));
    await silent.until(() => silent.closed);
    expect(await idle.command({ ping: 1 })).toEqual({ ok: 1 });
    idle.end();
  });

  test('that takes no replies is not read from any more', async () => {
    // One at a time, since a message that is as long as all of them may come in pieces.
    for (let i = 0; i < 100; i++)
      await impatient.db.collection('large').insertOne({ filler: 'x'.repeat(10_000) });
    const slow = new RawClient(impatient.server.port);
    slow.socket.pause();
    const request = opMsg([bodySection({ find: 'large' })]);
    slow.send(Buffer.concat(Array.from({ length: REQUESTS }, () => request)));
    expect(await settledQueries(impatient)).toBeLessThan(60);
    // Longer than a silent client would be borne: this one has said all, and is only slow to listen.
    await new Promise((resolve) => setTimeout(resolve, 2 * STALL_MS));
    slow.socket.resume();
    await slow.until(() => slow.replies.length === REQUESTS || slow.closed);
    expect(slow.replies).toHaveLength(REQUESTS);
    slow.end();
  });

  test('leaves in the middle of anything without harm', async () => {
    for (let i = 0; i < 50; i++) {
      const client = new RawClient(impatient.server.port);
      client.send(opMsg([bodySection({ find: 'large' })]));
      client.send(ping().subarray(0, i));
      await new Promise((resolve) => client.socket.once('connect', resolve));
      client.end();
    }
    expect(await impatient.db.command({ ping: 1 })).toEqual({ ok: 1 });
  });
});

test(`${DAMAGED} damaged messages trouble nobody else`, async () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  const originals = [
    ping(),
    opMsg([
      bodySection({ insert: 'fuzz', ordered: false }),
      sequenceSection('documents', [{ a: 1, b: ['x', { c: null }] }]),
    ]),
    opMsg([
      bodySection({
        find: 'fuzz',
        filter: { a: { $gt: 1 }, $or: [{ b: 'x' }, { c: { $in: [1, 2] } }] },
        sort: { a: 1 },
      }),
    ]),
    opMsg([
      bodySection({
        aggregate: 'fuzz',
        pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$b', n: { $sum: 1 } } }],
        cursor: {},
      }),
    ]),
    opMsg([
      bodySection({ update: 'fuzz', updates: [{ q: { a: 1 }, u: { $set: { 'b.0': 5 } }, upsert: true }] }),
    ]),
    message(
      OP_QUERY,
      Buffer.concat([Buffer.alloc(4), Buffer.from('admin.$cmd\0'), Buffer.alloc(8), serialize({ hello: 1 })]),
    ),
  ];
  /** Most keep a true length in front, so that what is behind it gets to be read. */
  const damaged = (): Buffer => {
    const bytes = Buffer.from(originals[random(originals.length)]!);
    switch (random(8)) {
      case 0:
        return bytes.subarray(0, random(bytes.length));
      case 1:
        bytes.writeInt32LE(random(2) ? random(100_000_000) : -random(1000), 0);
        return bytes;
      case 2:
        return Buffer.from(Array.from({ length: 16 + random(200) }, () => random(256)));
      case 3:
        return message(2013, Buffer.from(Array.from({ length: random(200) }, () => random(256))));
      case 4:
        bytes.writeInt32LE(random(2) ? random(100_000_000) : -random(1000), 16 + random(bytes.length - 19));
        return bytes;
      default:
        for (let i = random(8); i >= 0; i--) bytes[16 + random(bytes.length - 16)] = random(256);
        return bytes;
    }
  };
  const others = Array.from({ length: 4 }, () => new RawClient(shop.server.port));
  const memoryBefore = process.memoryUsage().rss;
  const PER_CONNECTION = 10;
  for (let sent = 0; sent < DAMAGED; sent += PER_CONNECTION) {
    const client = new RawClient(shop.server.port);
    for (let i = 0; i < PER_CONNECTION; i++) client.send(damaged());
    client.socket.end();
    const other = others[sent % others.length]!;
    assert.equal((await other.command({ ping: 1 })).ok, 1);
    await client.until(() => client.closed);
  }
  for (const other of others) other.end();
  expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(300_000_000);
  expect(await shop.db.command({ ping: 1 })).toEqual({ ok: 1 });
});
