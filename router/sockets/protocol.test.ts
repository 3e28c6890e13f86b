/** graphql-transport-ws as clients meet it: what runs, what is refused, and how sockets end. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type LiveDoor, openLiveDoor } from '../tests/toy/live-door.ts';
import { until } from '../tests/toy/until.ts';

let door: LiveDoor;
beforeAll(async () => {
  door = await openLiveDoor();
});
afterAll(() => door.close());

const PUBLISHED = 'subscription { published { cursor text story { title } } }';

test('A query and a mutation are answered once and completed', async () => {
  const client = await door.connect();
  client.subscribe('1', '{ hello(name: "Ada") }');
  expect(await client.next('next', '1')).toEqual({
    id: '1',
    type: 'next',
    payload: { data: { hello: 'Hello, Ada' } },
  });
  await client.next('complete', '1');
  client.subscribe('1', 'mutation ($t: String!) { say(text: $t) }', { variables: { t: 'hi' } });
  expect((await client.next('next', '1')).payload).toEqual({ data: { say: 'hi' } });
  expect(door.news.said).toEqual(['hi']);
});

test('A subscription tells each event, with what other subgraphs add and its cursor', async () => {
  const client = await door.connect();
  client.subscribe('a', PUBLISHED);
  await until(() => door.news.upstreams() > 0);
  const cursor = door.news.publish('tea');
  const { payload } = await client.next('next', 'a');
  expect(payload).toEqual({
    data: { published: { cursor, text: 'tea', story: { title: 'On tea' } } },
    extensions: { cursor },
  });
  client.say({ id: 'a', type: 'complete' });
  await until(() => door.news.upstreams() === 0);
});

test('The client of graphql-ws subscribes, and asks queries on the same socket', async () => {
  const client = createClient({ url: door.wsUrl, webSocketImpl: WebSocket, keepAlive: 20 });
  const told: unknown[] = [];
  const leave = client.subscribe(
    { query: PUBLISHED },
    { next: (value) => told.push(value), error: () => {}, complete: () => {} },
  );
  await until(() => door.news.upstreams() === 1);
  for await (const answer of client.iterate({ query: '{ hello }' }))
    expect(answer.data).toEqual({ hello: 'Hello, you' });
  for (const text of ['one', 'two', 'three']) door.news.publish(text);
  await until(() => told.length === 3);
  expect(told).toMatchObject(['one', 'two', 'three'].map((text) => ({ data: { published: { text } } })));
  leave();
  await until(() => door.news.upstreams() === 0);
  await client.dispose();
});

test('Many subscribe to the same: one upstream, the same bytes for all', async () => {
  const clients = await Promise.all(Array.from({ length: 5 }, () => door.connect()));
  for (const [index, client] of clients.entries()) client.subscribe(`${index}`, PUBLISHED);
  await until(async () => (await door.metric('souk_router_subscriptions')) === 5);
  expect(door.news.upstreams()).toBe(1);
  door.news.publish('é'.repeat(70_000));
  const payloads = await Promise.all(clients.map(async (client) => (await client.next('next')).payload));
  expect(new Set(payloads.map((payload) => JSON.stringify(payload))).size).toBe(1);
  expect(payloads[0]).toMatchObject({ data: { published: { text: 'é'.repeat(70_000) } } });
  for (const client of clients) client.ws.close();
  await until(() => door.news.upstreams() === 0);
  expect(await door.metric('souk_router_subscriptions')).toBe(0);
});

test('Whoever comes back with a cursor gets what it missed, then what comes', async () => {
  const cursor = door.news.publish('seen');
  for (const text of ['missed 1', 'missed 2']) door.news.publish(text);
  const client = await door.connect();
  client.subscribe('by extension', PUBLISHED, { extensions: { after: cursor } });
  client.subscribe('by argument', `subscription ($c: String) { published(after: $c) { text } }`, {
    variables: { c: cursor },
  });
  for (const id of ['by extension', 'by argument']) {
    for (const text of ['missed 1', 'missed 2']) {
      expect((await client.next('next', id)).payload).toMatchObject({ data: { published: { text } } });
    }
  }
  door.news.publish('live');
  for (const id of ['by extension', 'by argument']) {
    expect((await client.next('next', id)).payload).toMatchObject({ data: { published: { text: 'live' } } });
  }
  client.ws.close();
});

test('A cursor that is too old ends its subscription alone', async () => {
  const old = door.news.publish('forgotten');
  const oldest = door.news.publish('kept');
  door.news.forgetBefore(oldest);
  const client = await door.connect();
  client.subscribe('old', PUBLISHED, { extensions: { after: old } });
  expect((await client.next('error', 'old')).payload).toMatchObject([
    { extensions: { code: 'RESUME_EXPIRED', oldest } },
  ]);
  client.subscribe('new', '{ hello }');
  await client.next('complete', 'new');
  door.news.forgetBefore('c0');
  client.ws.close();
});

describe('An operation that cannot run is an error of its own, and the socket goes on:', () => {
  test.each([
    ['no GraphQL', '{ hello', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', 'subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable that does not fit',
      'query ($n: Int!) { story(id: $n) { id } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a missing variable', 'query ($id: ID!) { story(id: $id) { id } }', {}, 'BAD_USER_INPUT'],
    ['too dear', '{ dear }', {}, 'OPERATION_TOO_LARGE'],
    ['too deep', `{ story(id: ${'['.repeat(30)}1${']'.repeat(30)}) { id } }`, {}, 'OPERATION_TOO_LARGE'],
    [
      'an operation that is not named',
      'query A { hello } query B { hello }',
      { operationName: 'C' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['an unknown document', '', { documentId: 'sha256:none' }, 'PERSISTED_QUERY_NOT_FOUND'],
    ['no text', '', {}, 'BAD_REQUEST'],
    ['a cursor that is none', PUBLISHED, { extensions: { after: 7 } }, 'BAD_REQUEST'],
    ['an odd hash', '', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }, 'BAD_REQUEST'],
  ])('%s', async (_, query, more, code) => {
    const client = await door.connect();
    client.subscribe('bad', query, more);
    const { payload } = await client.next('error', 'bad');
    expect((payload as { extensions: { code: string } }[])[0]!.extensions.code).toBe(code);
    client.subscribe('good', '{ hello }');
    await client.next('complete', 'good');
    expect(client.heard.filter(({ id }) => id === 'bad')).toHaveLength(1);
    client.ws.close();
  });
});

describe('A socket is closed for', () => {
  const init = { type: 'connection_init' };
  const ask = { id: '1', type: 'subscribe', payload: { query: '{ slow }' } };
  test.each<[string, unknown[], number]>([
    ['no JSON', ['{nothing'], 4400],
    ['no object', ['[]'], 4400],
    ['null', ['null'], 4400],
    ['no type', [{}], 4400],
    ['a type that is not there', [init, { type: 'start', id: '1', payload: { query: '{ hello }' } }], 4400],
    ['a message of the server', [init, { type: 'next', id: '1', payload: {} }], 4400],
    ['a subscribe without an id', [init, { type: 'subscribe', payload: { query: '{ hello }' } }], 4400],
    ['a subscribe without a text', [init, { id: '1', type: 'subscribe', payload: {} }], 4400],
    ['variables that are a list', [init, { ...ask, payload: { query: '{ hello }', variables: [] } }], 4400],
    ['a prototype in its message', ['{"type":"connection_init","payload":{"__proto__":{"a":1}}}'], 4400],
    ['brackets without end', [`{"type":"ping","payload":{"a":${'['.repeat(200)}${']'.repeat(200)}}}`], 4400],
    ['bytes in place of text', [Buffer.from('{"type":"connection_init"}')], 4400],
    ['a subscribe before its init', [ask], 4401],
    ['a renewal before its init', [{ type: 'ping', payload: { authorization: 'Bearer x' } }], 4401],
    ['two subscribes with one id', [init, ask, ask], 4409],
    ['a second init', [init, init], 4429],
    ['a token that is none', [{ ...init, payload: { authorization: 'Bearer a.b.c' } }], 4401],
    ['an authorization that is none', [{ ...init, payload: { authorization: 'Basic x' } }], 4401],
    [
      'more messages than it may send',
      [init, ...Array.from({ length: 410 }, () => ({ type: 'ping' }))],
      4429,
    ],
    ['a message that is too large', [init, { type: 'ping', payload: { a: 'x'.repeat(300_000) } }], 1009],
  ])('%s', async (_, messages, code) => {
    const client = await door.open();
    for (const message of messages) {
      client.say(message);
      if (message === init && messages.length > 1 && messages[1] !== init)
        await client.next('connection_ack');
    }
    expect(await client.closed).toMatchObject({ code });
  });

  test('text that is not UTF-8', async () => {
    const client = await door.open();
    client.ws.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
    expect(await client.closed).toMatchObject({ code: 1007 });
  });

  test('another subprotocol, or none', async () => {
    for (const protocol of ['graphql-ws', '']) {
      const client = await door.open({}, protocol).catch(() => undefined);
      if (client) expect(await client.closed).toMatchObject({ code: 4406 });
      else expect(protocol).toBe('graphql-ws');
    }
  });
});

test('An id may be used again as soon as its operation is over, also when that had not begun', async () => {
  const client = await door.connect();
  for (let time = 0; time < 5; time++) {
    client.subscribe('again', PUBLISHED);
    client.say({ id: 'again', type: 'complete' });
  }
  client.subscribe('again', PUBLISHED);
  client.subscribe('last', '{ hello }');
  await client.next('complete', 'last');
  await until(() => door.news.upstreams() === 1);
  door.news.publish('once');
  await client.next('next', 'again');
  expect(client.heard.filter(({ type, id }) => type === 'next' && id === 'again')).toHaveLength(1);
  client.ws.close();
  await until(() => door.news.upstreams() === 0);
  expect(await door.metric('souk_router_subscriptions')).toBe(0);
});

test('A ping is answered with its payload', async () => {
  const client = await door.connect();
  client.say({ type: 'ping', payload: { at: 7 } });
  expect(await client.next('pong')).toEqual({ type: 'pong', payload: { at: 7 } });
  client.ws.close();
});
