/** GraphQL over server-sent events, as its client and browsers ask for it. */
import { get as httpGet, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient } from 'graphql-sse';
import { type LiveDoor, openLiveDoor } from '../tests/toy/live-door.ts';
import { until } from '../tests/toy/until.ts';

const QUERY = 'subscription { published { text } }';
const ACCEPT = { accept: 'text/event-stream' };

let door: LiveDoor;
beforeAll(async () => {
  door = await openLiveDoor({ sockets: { maxPerAddress: 0, maxPerViewer: 2, closeWithinMs: 300 } });
});
afterAll(() => door.close());

/** As an EventSource does. */
function follow(query: string, headers: Record<string, string> = {}): Promise<Followed> {
  const search = new URLSearchParams({ query });
  return new Promise((resolve, reject) => {
    const asked = httpGet(`${door.url}?${search}`, { agent: false, headers: { ...ACCEPT, ...headers } });
    asked.on('error', reject);
    asked.on('response', (incoming) => resolve(followed(incoming)));
  });
}

interface Followed {
  incoming: IncomingMessage;
  text(): string;
  ended: Promise<void>;
}

function followed(incoming: IncomingMessage): Followed {
  let text = '';
  incoming.setEncoding('utf8');
  incoming.on('data', (chunk) => {
    text += chunk;
  });
  incoming.on('error', () => {});
  return {
    incoming,
    text: () => text,
    ended: new Promise((resolve) => incoming.on('close', () => resolve())),
  };
}

const post = async (body: object, headers: Record<string, string> = {}) =>
  fetch(door.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('The client of graphql-sse subscribes, asks, and is told what is wrong', async () => {
  const client = createClient({ url: door.url, retryAttempts: 0 });
  const events = client.iterate({ query: QUERY });
  const first = events.next();
  await until(() => door.news.upstreams() === 1);
  door.news.publish('one');
  expect((await first).value).toMatchObject({ data: { published: { text: 'one' } } });
  const second = events.next();
  door.news.publish('two');
  expect((await second).value).toMatchObject({ data: { published: { text: 'two' } } });
  await events.return?.();
  await until(() => door.news.upstreams() === 0);
  for await (const answer of client.iterate({ query: 'mutation { say(text: "hi") }' })) {
    expect(answer).toEqual({ data: { say: 'hi' } });
  }
  for await (const answer of client.iterate({ query: 'subscription { nothing }' })) {
    expect(answer.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  }
  client.dispose();
});

test('A browser that lost its connection goes on after the last event it saw', async () => {
  const one = await follow(QUERY);
  expect(one.incoming.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  await until(() => door.news.upstreams() === 1);
  const cursor = door.news.publish('seen');
  await until(() => one.text().includes('seen'));
  expect(one.text()).toBe(
    `:\n\nid: ${cursor}\nevent: next\ndata: {"data":{"published":{"text":"seen"}},"extensions":{"cursor":"${cursor}"}}\n\n`,
  );
  one.incoming.destroy();
  await until(() => door.news.upstreams() === 0);
  door.news.publish('missed');
  const again = await follow(QUERY, { 'last-event-id': cursor });
  await until(() => again.text().includes('missed'));
  expect(again.text()).not.toContain('seen');
  again.incoming.destroy();
});

test('What is refused before it begins is told by its status, what does not fit by an event', async () => {
  expect((await follow('subscription { nothing }')).incoming.statusCode).toBe(200);
  const bad = await follow('{ hello', {});
  await bad.ended;
  expect(bad.text()).toMatch(
    /event: next\ndata: \{"errors".*GRAPHQL_PARSE_FAILED.*\n\nevent: complete\ndata:\n\n$/,
  );
  expect((await post({ query: QUERY }, { ...ACCEPT, authorization: 'Bearer a.b.c' })).status).toBe(401);
  expect((await post({ query: 7 }, ACCEPT)).status).toBe(400);
  expect((await follow(QUERY, { 'sec-fetch-site': 'cross-site' })).incoming.statusCode).toBe(403);
  const put = httpRequest(door.url, { method: 'PUT', agent: false, headers: ACCEPT }).end();
  const status = new Promise((resolve) => put.on('response', (answered) => resolve(answered.statusCode)));
  expect(await status).toBe(405);
});

test('A subscription without either is told of both', async () => {
  for (const told of [
    await post({ query: QUERY }),
    await fetch(`${door.url}?query=${encodeURIComponent(QUERY)}`),
  ]) {
    const { errors } = (await told.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect(errors[0]!.extensions.code).toBe('BAD_REQUEST');
    expect(errors[0]!.message).toMatch(/graphql-transport-ws.*text\/event-stream/);
  }
});

test('Nobody has more streams than they may, and none outlives its token', async () => {
  const exp = Math.floor(Date.now() / 1000) - 3;
  const headers = { authorization: `Bearer ${await door.issuer.sign({ sub: 'p1', exp })}` };
  const [one, two] = [await follow(QUERY, headers), await follow(QUERY, headers)];
  expect((await follow(QUERY, headers)).incoming.statusCode).toBe(429);
  await Promise.all([one.ended, two.ended]);
  expect(one.text()).toMatch(/"reason":"expired","code":"UNAUTHENTICATED".*\n\nevent: complete\ndata:\n\n$/);
  await until(() => door.news.upstreams() === 0);
});

test('Who does not read is cut off', async () => {
  const slow = await follow('subscription { published { text secret } }');
  slow.incoming.pause();
  await until(() => door.news.upstreams() === 1);
  await until(() => door.news.publish('x'.repeat(500_000)) !== '' && door.news.upstreams() === 0);
  await until(
    async () => (await door.metric('souk_router_connections_closed_total', { why: 'slow consumer' })) === 1,
  );
  slow.incoming.resume();
  await slow.ended;
  expect(await door.metric('souk_router_connections')).toBe(0);
});

test('A line that ends within JSON does not end the event', async () => {
  const { nextChunk } = await import('./event-chunks.ts');
  expect(nextChunk(Buffer.from('{\n"a":\r\n1}'), 'c\nevent: x').toString()).toBe(
    'event: next\ndata: { "a":  1}\n\n',
  );
});
