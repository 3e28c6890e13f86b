/** Attacks on sockets: forged credentials, other viewers' data, floods, broken frames. After each the router must still serve. */
import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { AUDIENCE, ISSUER } from '../toy/issuer.ts';
import { type Client, type LiveDoor, openLiveDoor } from '../toy/live-door.ts';
import { until } from '../toy/until.ts';

const SECRET = /the secret|"ada"/;
const MINE = 'subscription { noted { text viewer mine } }';
const SHARED_AND_MINE = 'subscription { published { text viewer mine } }';

let door: LiveDoor;
beforeAll(async () => {
  door = await openLiveDoor({ introspection: false, sockets: { maxPerAddress: 200 } });
});
afterAll(() => door.close());
afterEach(async () => {
  const client = await door.connect();
  client.subscribe('1', '{ hello }');
  expect((await client.next('next', '1')).payload).toEqual({ data: { hello: 'Hello, you' } });
  client.ws.close();
  await until(async () => (await door.metric('souk_router_connections')) === 0);
  expect(await door.metric('souk_router_subscriptions')).toBe(0);
  await until(() => door.news.upstreams() === 0);
});

const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1000);
const ada = () => ({ iss: ISSUER, aud: AUDIENCE, sub: 'ada', scope: 'read:secret', exp: seconds() + 900 });

describe('A forged token does not come in, at the door or later:', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['no signature', () => `${json({ alg: 'none', typ: 'at+jwt' })}.${json(ada())}.`],
    [
      'signed with the public key as if it were shared',
      () => {
        const text = `${json({ alg: 'HS256', typ: 'at+jwt' })}.${json(ada())}`;
        const key = JSON.stringify(door.issuer.publicKeys()[0]);
        return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
      },
    ],
    ['expired', () => door.issuer.sign({ ...ada(), exp: seconds() - 60 })],
    ['for somebody else', () => door.issuer.sign({ ...ada(), aud: 'another' })],
    ['of another issuer', () => door.issuer.sign({ ...ada(), iss: 'https://evil.example' })],
    ['of another kind', () => door.issuer.sign(ada(), { typ: 'JWT' })],
    ['too long', async () => `${await door.issuer.sign(ada())}${'x'.repeat(10_000)}`],
  ])('%s', async (_, forge) => {
    const authorization = `Bearer ${await forge()}`;
    const atTheDoor = await door.open();
    atTheDoor.say({ type: 'connection_init', payload: { authorization } });
    expect(await atTheDoor.closed).toMatchObject({ code: 4401 });
    const later = await door.connect();
    later.say({ type: 'ping', payload: { authorization } });
    expect((await later.next('pong')).payload).toMatchObject({ authorization: 'refused' });
    later.subscribe('1', '{ whoami }');
    expect((await later.next('next', '1')).payload).toMatchObject({ data: { whoami: null } });
    later.ws.close();
  });
});

describe("Another viewer's data is not to be had by", () => {
  /** Ada follows; the attacker tries; an event comes. The attacker may see nothing of hers. */
  const attempt = async (query: string, attack: () => Promise<Client>) => {
    const victim = await door.connect({ authorization: `Bearer ${await door.issuer.sign(ada())}` });
    victim.subscribe('1', query);
    await until(() => door.news.upstreams() > 0);
    const attacker = await attack();
    await until(async () => (await door.metric('souk_router_subscriptions')) === 2);
    door.news.publish('x');
    expect(JSON.stringify(await victim.next('next'))).toMatch(/"viewer":"ada"/);
    await attacker.next('next');
    expect(JSON.stringify(attacker.heard)).not.toMatch(SECRET);
    for (const { ws } of [victim, attacker]) ws.close();
  };
  const asking = async (query: string, payload?: Record<string, unknown>, more?: Record<string, unknown>) => {
    const client = await door.connect(payload);
    client.subscribe('1', query, more);
    return client;
  };

  test('asking for the same as a guest', () => attempt(MINE, () => asking(MINE)));
  test('asking for the same as somebody else', () =>
    attempt(MINE, async () =>
      asking(MINE, {
        authorization: `Bearer ${await door.issuer.sign({ sub: 'eve', scope: 'read:secret' })}`,
      }),
    ));
  test('asking for what is shared, with a part that is not', () =>
    attempt(SHARED_AND_MINE, () => asking(SHARED_AND_MINE)));
  test.each(['souk-viewer', 'x-souk-viewer'])('a signed header of their own making, as %s', (name) => {
    const signed = `${json({ userId: 'ada', scopes: ['read:secret'], exp: seconds() + 60 })}.${'A'.repeat(43)}`;
    return attempt(MINE, async () => {
      const client = await door.open({ headers: { [name]: signed } });
      client.say({ type: 'connection_init', payload: { [name]: signed, headers: { [name]: signed } } });
      await client.next('connection_ack');
      client.subscribe('1', MINE, { extensions: { headers: { [name]: signed } } });
      return client;
    });
  });
  test('another session of a user with fewer rights', () =>
    attempt('subscription { noted { text viewer secret } }', async () => {
      const authorization = `Bearer ${await door.issuer.sign({ sub: 'eve' })}`;
      return asking('subscription { noted { text viewer secret } }', { authorization });
    }));
});

describe('A flood is borne:', () => {
  test('sockets that say nothing', async () => {
    const clients = await Promise.all(Array.from({ length: 200 }, () => door.open()));
    await expect(door.open()).rejects.toThrow('429');
    for (const { ws } of clients) ws.terminate();
  });

  test('subscriptions begun and ended', async () => {
    const client = await door.connect();
    for (let count = 0; count < 90; count++) {
      client.subscribe(`${count}`, MINE);
      client.say({ id: `${count}`, type: 'complete' });
    }
    client.subscribe('last', '{ hello }');
    await client.next('complete', 'last');
    client.ws.close();
  });

  test('pings of the WebSocket itself', async () => {
    const client = await door.connect();
    for (let count = 0; count < 410; count++) client.ws.ping();
    // All at once they are more than `ws` answers, and it hangs up by itself.
    expect([1006, 4429]).toContain((await client.closed).code);
  });

  test('ids such as __proto__, constructor, and one of 200 KB', async () => {
    const client = await door.connect();
    for (const id of ['__proto__', 'constructor', 'x'.repeat(200_000), '"},{"', '\u0000\u2028']) {
      client.subscribe(id, '{ hello }');
      expect((await client.next('next', id)).payload).toEqual({ data: { hello: 'Hello, you' } });
    }
    client.ws.close();
  });

  test('an operation that would cost too much, and one that asks for the schema', async () => {
    const client = await door.connect();
    client.subscribe('dear', '{ dear }');
    client.subscribe('schema', '{ __schema { types { name } } }');
    client.subscribe('guess', 'subscription { publishe { text } }');
    for (const id of ['dear', 'schema', 'guess']) {
      expect(JSON.stringify(await client.next('error', id))).not.toMatch(/Did you mean/);
    }
    client.ws.close();
  });
});

describe('A frame that is broken closes its socket:', () => {
  const HANDSHAKE = [
    'GET /graphql HTTP/1.1',
    'host: a',
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-protocol: graphql-transport-ws',
    'sec-websocket-extensions: permessage-deflate',
  ];
  /** Masked with zeros. */
  const frame = (first: number, body: Buffer) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(body.length));
    return Buffer.concat([Buffer.from([first, 0xff]), length, Buffer.alloc(4), body]);
  };

  test.each<[string, Buffer]>([
    ['not masked', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['packed, though no packing was agreed on', frame(0xc1, randomBytes(20))],
    ['a kind that is not there', frame(0x83, Buffer.from('{}'))],
    ['a continuation of nothing', frame(0x80, Buffer.from('{}'))],
    ['a ping that is too long', frame(0x89, Buffer.alloc(200))],
    ['a length beyond all memory', Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
    [
      'pieces that add up to too much',
      Buffer.concat([frame(0x01, Buffer.alloc(200_000, 97)), frame(0x80, Buffer.alloc(200_000, 97))]),
    ],
  ])('%s', async (_, bytes) => {
    const heard = await new Promise<Buffer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect(door.served.port, '127.0.0.1', () =>
        socket.write(`${HANDSHAKE.join('\r\n')}\r\n\r\n`),
      );
      socket.on('data', (chunk: Buffer) => {
        if (chunks.length === 0) socket.write(bytes);
        chunks.push(chunk);
      });
      socket.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' ? undefined : reject(error),
      );
      socket.on('close', () => resolve(Buffer.concat(chunks)));
    });
    expect(heard.toString('latin1')).not.toContain('permessage-deflate');
    // The close frame: its code.
    const frames = heard.subarray(heard.indexOf('\r\n\r\n') + 4);
    expect([1002, 1009]).toContain(frames.readUInt16BE(frames.indexOf(0x88) + 2));
  });
});
