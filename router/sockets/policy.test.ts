/** Who may come in by a socket, what they may follow, and for how long. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { ToldError } from '../tests/toy/ask.ts';
import { type Client, type LiveDoor, openLiveDoor, type Said } from '../tests/toy/live-door.ts';
import { until } from '../tests/toy/until.ts';

const SECRETS = 'subscription { published { text secret } }';
const MINE = 'subscription { noted { text viewer mine } }';
const SHARED = 'subscription { published { text } }';

let door: LiveDoor;
beforeAll(async () => {
  door = await openLiveDoor({ sockets: { maxPerViewer: 3 } });
});
afterAll(() => door.close());

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const sign = (claims: Record<string, unknown> = {}) =>
  door.issuer.sign({ sub: 'p1', sid: 's1', scope: '', ...claims });
const bearer = async (claims?: Record<string, unknown>) => ({
  authorization: `Bearer ${await sign(claims)}`,
});
const codesIn = ({ payload }: Said) => (payload as ToldError[]).map(({ extensions }) => extensions.code);

async function connected(claims: Record<string, unknown>): Promise<Client> {
  return door.connect(await bearer(claims));
}

describe('Who comes in', () => {
  test('a guest, who is told nothing that needs a sign-in', async () => {
    const client = await door.connect();
    client.subscribe('1', '{ whoami hello }');
    expect((await client.next('next', '1')).payload).toMatchObject({
      data: { whoami: null, hello: 'Hello, you' },
      errors: [{ path: ['whoami'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });
    client.ws.close();
  });

  test('the holder of a token, by the message or by the header, and is told when it ends', async () => {
    const exp = inSeconds(900);
    const authorization = `Bearer ${await sign({ exp })}`;
    const byHeader = await door.open({ headers: { authorization } });
    byHeader.say({ type: 'connection_init' });
    const byMessage = await door.open();
    byMessage.say({ type: 'connection_init', payload: { authorization } });
    for (const client of [byHeader, byMessage]) {
      const tokenExpiresAt = new Date((exp + 5) * 1_000).toISOString();
      expect(await client.next('connection_ack')).toMatchObject({ payload: { tokenExpiresAt } });
      client.subscribe('1', '{ whoami }');
      expect((await client.next('next', '1')).payload).toEqual({ data: { whoami: 'p1' } });
      client.ws.close();
    }
  });

  test('pages of the same site, and of sites that are named, and of no others', async () => {
    const strict = await openLiveDoor({
      http: { cors: { origins: ['https://shop.example'], credentials: false, maxAgeSeconds: 1 } },
    });
    const own = strict.url.replace('/graphql', '');
    for (const origin of [own, 'https://shop.example']) (await strict.open({ origin })).ws.close();
    for (const origin of ['https://evil.example', 'null', 'https://shop.example.evil', `${own}.evil`]) {
      await expect(strict.open({ origin })).rejects.toThrow('403');
    }
    expect(await strict.metric('souk_router_connections_refused_total', { why: 'origin' })).toBe(4);
    await strict.close();
  });

  test('nobody without an init', async () => {
    const hasty = await openLiveDoor({ sockets: { initWithinMs: 50 } });
    const client = await hasty.open();
    expect(await client.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
    await hasty.close();
  });

  test('no more of one viewer than may be', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => connected({ sub: 'many' })));
    const fourth = await door.open();
    fourth.say({ type: 'connection_init', payload: await bearer({ sub: 'many' }) });
    expect(await fourth.closed).toMatchObject({ code: 4429 });
    clients[0]!.ws.close();
    await clients[0]!.closed;
    await until(async () => {
      const again = await door.open();
      again.say({ type: 'connection_init', payload: await bearer({ sub: 'many' }) });
      const outcome = await Promise.race([again.closed, again.next('connection_ack')]);
      again.ws.close();
      return 'type' in outcome;
    });
    for (const { ws } of clients) ws.close();
  });

  test('no more of one address, or in all, than may be: told by the status', async () => {
    for (const sockets of [{ maxPerAddress: 2 }, { maxSockets: 2 }]) {
      const small = await openLiveDoor({ sockets });
      await Promise.all([small.open(), small.open()]);
      await expect(small.open()).rejects.toThrow('maxSockets' in sockets ? '503' : '429');
      await small.close();
    }
  });
});

describe('What they may follow', () => {
  test('what needs a scope is withheld in every event, and nobody else gets it', async () => {
    const [guest, reader] = [await door.connect(), await connected({ scope: 'read:secret' })];
    guest.subscribe('1', SECRETS);
    reader.subscribe('1', SECRETS);
    await until(() => door.news.upstreams() === 2);
    door.news.publish('x');
    expect((await reader.next('next')).payload).toMatchObject({
      data: { published: { secret: 'the secret' } },
    });
    expect((await guest.next('next')).payload).toMatchObject({
      data: { published: { text: 'x', secret: null } },
      errors: [{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });
    expect(JSON.stringify(guest.heard)).not.toContain('the secret');
    for (const { ws } of [guest, reader]) ws.close();
    await until(() => door.news.upstreams() === 0);
  });

  test('a personal subscription is asked for each viewer, and tells each their own', async () => {
    const [ada, ben, adaAgain] = [
      await connected({ sub: 'ada' }),
      await connected({ sub: 'ben' }),
      await connected({ sub: 'ada' }),
    ];
    for (const client of [ada, ben, adaAgain]) client.subscribe('1', MINE);
    await until(async () => (await door.metric('souk_router_subscriptions')) === 3);
    await until(() => door.news.upstreams() === 2);
    door.news.publish('x');
    for (const [client, name] of [
      [ada, 'ada'],
      [ben, 'ben'],
      [adaAgain, 'ada'],
    ] as const) {
      expect((await client.next('next')).payload).toMatchObject({
        data: { noted: { viewer: name, mine: name } },
      });
    }
    expect(door.news.upstreams()).toBe(2);
    for (const { ws } of [ada, ben, adaAgain]) ws.close();
    await until(() => door.news.upstreams() === 0);
  });

  test('rates count each subscribe and each query of a socket', async () => {
    const strict = await openLiveDoor({ rates: { perAddress: 3, perViewer: 0 } });
    const client = await strict.connect();
    for (const id of ['1', '2', '3']) client.subscribe(id, '{ hello }');
    await client.next('complete', '2');
    expect(codesIn(await client.next('error', '3'))).toEqual(['RATE_LIMITED']);
    await strict.close();
  });

  test('no more at once than a socket, or the process, may run', async () => {
    const small = await openLiveDoor({ sockets: { maxOperations: 2, maxSubscriptions: 3 } });
    const [one, two] = [await small.connect(), await small.connect()];
    for (const id of ['1', '2', '3']) one.subscribe(id, SHARED);
    expect(codesIn(await one.next('error', '3'))).toEqual(['RATE_LIMITED']);
    await until(async () => (await small.metric('souk_router_subscriptions')) === 2);
    for (const id of ['1', '2']) two.subscribe(id, SHARED);
    expect(codesIn(await two.next('error', '2'))).toEqual(['SERVICE_UNAVAILABLE']);
    one.say({ id: '1', type: 'complete' });
    one.subscribe('4', SHARED);
    two.subscribe('3', '{ hello }');
    await two.next('complete', '3');
    // It was let in when it is told something; before, what is published is not for it.
    const isTold = () => one.heard.some(({ type, id }) => type === 'next' && id === '4');
    await until(() => small.news.publish('x') !== '' && isTold());
    await small.close();
  });

  test('with registered documents alone, nothing else', async () => {
    const closed = await openLiveDoor({ documents: { mode: 'registered', manifests: [] } });
    const client = await closed.connect();
    client.subscribe('1', SHARED);
    expect(codesIn(await client.next('error', '1'))).toEqual(['PERSISTED_QUERY_REQUIRED']);
    await closed.close();
  });
});

describe('A token', () => {
  const closing = async (client: Client) => client.closed;

  test('that expires closes its socket, which is told before', async () => {
    const short = await openLiveDoor();
    const exp = inSeconds(-3);
    const client = await short.connect({
      authorization: `Bearer ${await short.issuer.sign({ sub: 'p1', exp })}`,
    });
    const tokenExpiresAt = new Date((exp + 5) * 1_000).toISOString();
    expect(await client.next('ping')).toEqual({ type: 'ping', payload: { tokenExpiresAt } });
    expect(await closing(client)).toEqual({ code: 4401, reason: 'Token expired' });
    expect(Date.now()).toBeGreaterThanOrEqual((exp + 5) * 1_000);
    const expiries = () => short.metric('souk_router_connections_closed_total', { why: 'token expired' });
    await until(async () => (await expiries()) === 1);
    await short.close();
  });

  test('is renewed on the socket, and what it follows goes on', async () => {
    const first = inSeconds(-3);
    const client = await connected({ exp: first });
    client.subscribe('1', MINE);
    await until(() => door.news.upstreams() === 1);
    const exp = inSeconds(900);
    client.say({ type: 'ping', payload: await bearer({ exp }) });
    const expiresAt = new Date((exp + 5) * 1_000).toISOString();
    expect(await client.next('pong')).toEqual({
      type: 'pong',
      payload: { authorization: 'renewed', expiresAt },
    });
    await until(() => Date.now() > (first + 5) * 1_000 + 500);
    door.news.publish('after the first one has expired');
    await client.next('next', '1');
    expect(door.news.askedBy.at(-1)).toBe('p1');
    client.ws.close();
    await until(() => door.news.upstreams() === 0);
  });

  test('that is no good renews nothing, and the one before holds on', async () => {
    const client = await connected({});
    client.say({ type: 'ping', payload: { authorization: 'Bearer a.b.c' } });
    expect((await client.next('pong')).payload).toMatchObject({
      authorization: 'refused',
      code: 'UNAUTHENTICATED',
    });
    client.subscribe('1', '{ whoami }');
    expect((await client.next('next', '1')).payload).toEqual({ data: { whoami: 'p1' } });
    client.ws.close();
  });

  test('of somebody else, or after none, ends the socket', async () => {
    for (const client of [await connected({}), await door.connect()]) {
      client.say({ type: 'ping', payload: await bearer({ sub: 'p2' }) });
      expect(await closing(client)).toMatchObject({ code: 4403 });
    }
  });

  test('that permits less ends what needed more, and the rest goes on', async () => {
    const client = await connected({ scope: 'read:secret other' });
    client.subscribe('secret', SECRETS);
    client.subscribe('mine', MINE);
    client.subscribe('shared', SHARED);
    await until(async () => (await door.metric('souk_router_subscriptions')) === 3);
    const cursor = door.news.publish('before');
    for (const id of ['secret', 'mine', 'shared']) {
      expect((await client.next('next', id)).payload).toMatchObject({ extensions: { cursor } });
    }
    client.say({ type: 'ping', payload: await bearer({ scope: 'other' }) });
    expect(codesIn(await client.next('error', 'secret'))).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
    const next = door.news.publish('after');
    for (const id of ['mine', 'shared']) {
      expect((await client.next('next', id)).payload).toMatchObject({
        extensions: { cursor: next },
      });
    }
    expect(client.heard.filter(({ type }) => type === 'next')).toHaveLength(5);
    client.ws.close();
    await until(() => door.news.upstreams() === 0);
  });
});

const { REDIS_URL } = process.env;
(REDIS_URL === undefined ? test.skip : test)('A revocation ends its sockets within a second', async () => {
  const channel = `sockets:${process.pid}:${Date.now()}`;
  const revoking = await openLiveDoor({
    redisUrl: REDIS_URL!,
    revocations: { channel, stream: `${channel}:recent` },
  });
  await until(() => revoking.metric('souk_router_revocations_heard').then((heard) => heard === 1));
  const connect = async (sid: string) =>
    revoking.connect({
      authorization: `Bearer ${await revoking.issuer.sign({ sub: 'p1', sid, iat: inSeconds(-1) })}`,
    });
  const [ended, other] = [await connect('ended'), await connect('other')];
  const redis = new Redis(REDIS_URL!);
  const began = performance.now();
  await redis.publish(channel, JSON.stringify({ sessionId: 'ended', at: new Date().toISOString() }));
  expect(await ended.closed).toEqual({ code: 4401, reason: 'Token revoked' });
  expect(performance.now() - began).toBeLessThan(1_000);
  other.subscribe('1', '{ whoami }');
  expect((await other.next('next', '1')).payload).toEqual({ data: { whoami: 'p1' } });
  await redis.quit();
  await revoking.close();
});
