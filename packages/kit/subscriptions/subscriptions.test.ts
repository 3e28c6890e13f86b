import { expect, test } from '@jest/globals';
import { randomViewerKey, signViewer } from '../auth/viewer.ts';
import { soukError } from '../errors/errors.ts';
import { loadOne } from '../graphql/loaders.ts';
import { createLog } from '../observe/log.ts';
import { createMetrics, renderMetrics } from '../observe/metrics.ts';
import { currentScope } from '../observe/request-scope.ts';
import { createSubgraph, type RequestContext } from '../room/subgraph.ts';
import { until } from '../tests/until.ts';
import type { SubscribeRequest } from './subscribe.ts';

const key = randomViewerKey();
const SDL = `
  type Query { hello: String }
  type Subscription { discSold(id: ID!, after: Int): Sold  mine: ID  failing(how: String!): String }
  type Sold { cursor: Int! left: Int by: ID deep: Sold }
`;

interface Context extends RequestContext {
  stock: ReturnType<typeof loadOne<{ id: string; left: number }>>;
}

/** A shop whose events a test hands out by itself. */
async function setUp() {
  const lines: string[] = [];
  const metrics = createMetrics('discs');
  const shop = { left: 10, fetched: 0, signals: [] as AbortSignal[], scopes: new Set<unknown>() };
  const waiting: ((cursor: number) => void)[] = [];
  const source = () => ({
    next: () =>
      new Promise((resolve) => waiting.push((cursor) => resolve({ done: false, value: { cursor } }))),
    [Symbol.asyncIterator]() {
      return this;
    },
  });
  const failure = (how: string) =>
    how === 'ours'
      ? soukError('RESUME_EXPIRED', 'too old', { extensions: { oldest: 'o' } })
      : new Error('secret');
  const subgraph = await createSubgraph<Context>({
    name: 'discs',
    sdl: SDL,
    resolvers: {
      Subscription: {
        discSold: {
          subscribe: (_: unknown, __: unknown, context: Context) => {
            shop.signals.push(context.signal()!);
            return source();
          },
          resolve: (event: object) => event,
        },
        mine: {
          subscribe: async function* (_: unknown, __: unknown, { viewer }: Context) {
            yield viewer.userId;
          },
          resolve: (id: string) => id,
        },
        failing: {
          subscribe: (_: unknown, { how }: { how: string }) => {
            if (how.startsWith('at once ')) throw failure(how.slice(8));
            return (async function* () {
              yield 'one';
              throw failure(how);
            })();
          },
          resolve: (word: string) => word,
        },
      },
      Sold: {
        left: async (_: unknown, __: unknown, { stock }: Context) => {
          shop.scopes.add(currentScope());
          return (await stock.load('a'))?.left;
        },
        by: (_: unknown, __: unknown, { viewer }: Context) => viewer.userId,
      },
    },
    viewerKeys: [key],
    log: createLog({ service: 'discs', destination: { write: (line: string) => lines.push(line) } }),
    metrics,
    context: (request) => ({
      ...request,
      stock: loadOne(
        async (ids) => {
          shop.fetched += 1;
          return ids.map((id) => ({ id, left: shop.left }));
        },
        ({ id }) => id,
      ),
    }),
  });
  const headers = {
    'souk-viewer': signViewer({ userId: 'usr_1', scopes: [] }, key),
    'x-request-id': '0123456789abcdef',
  };
  const ask = (query: string, more: Partial<SubscribeRequest> = {}) =>
    subgraph.subscribe({ query, headers, ...more });
  const open = async (query: string, more: Partial<SubscribeRequest> = {}) => {
    const outcome = await ask(query, more);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    return outcome.events;
  };
  const sell = async (cursor: number) => (await until(async () => waiting.shift()))(cursor);
  return { subgraph, ask, open, sell, shop, lines, metrics };
}

const all = async (events: AsyncIterable<string>) => {
  const answers = [];
  for await (const text of events) answers.push(JSON.parse(text));
  return answers;
};

test('answers each event with things as they stand by then, to whom the router signed', async () => {
  const { open, sell, shop, metrics } = await setUp();
  const events = await open('subscription ($id: ID!) { discSold(id: $id) { cursor left again: left by } }', {
    variables: { id: 'a' },
  });
  for (const cursor of [1, 2]) {
    const next = events.next();
    shop.left = 10 - cursor;
    await sell(cursor);
    const left = 10 - cursor;
    expect(JSON.parse((await next).value)).toEqual({
      data: { discSold: { cursor, left, again: left, by: 'usr_1' } },
    });
  }
  // One fetch an event, each in a scope of its own.
  expect(shop.fetched).toBe(2);
  expect(shop.scopes.size).toBe(2);
  expect([...shop.scopes]).toMatchObject([
    { requestId: '0123456789abcdef' },
    { requestId: '0123456789abcdef' },
  ]);
  const figures = await renderMetrics([metrics.registry]);
  expect(figures).toContain('souk_subscriptions_open{service="discs"} 1');
  expect(figures).toContain('souk_subscription_events_total{service="discs"} 2');
});

test('ends at once while it waits, and tells its source', async () => {
  const { subgraph, open, shop, metrics } = await setUp();
  const [first, second] = [
    await open('subscription { discSold(id: "a") { cursor } }'),
    await open('subscription { discSold(id: "a") { cursor } }'),
  ];
  const [next, other] = [first.next(), second.next()];
  await first.return!();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(await first.next()).toEqual({ done: true, value: undefined });
  expect(shop.signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  await subgraph.stop();
  expect(await other).toMatchObject({ done: true });
  expect(await renderMetrics([metrics.registry])).toContain('souk_subscriptions_open{service="discs"} 0');
});

test('tells what went wrong as queries do: our own words in full, faults as an id', async () => {
  const { open, ask, lines } = await setUp();
  const told = { message: 'too old', extensions: { code: 'RESUME_EXPIRED', oldest: 'o' } };
  const masked = { extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: '0123456789abcdef' } };
  const one = { data: { failing: 'one' } };
  expect(await all(await open('subscription { failing(how: "ours") }'))).toMatchObject([
    one,
    { errors: [told] },
  ]);
  const [, last] = await all(await open('subscription { failing(how: "") }'));
  expect(last).toMatchObject({ errors: [masked] });
  expect(last).not.toHaveProperty('data');
  expect(await ask('subscription { failing(how: "at once ours") }')).toMatchObject({
    ok: false,
    errors: [told],
  });
  const refused = await ask('subscription { failing(how: "at once") }');
  expect(refused).toMatchObject({ ok: true });
  const hidden = await ask('subscription { failing(how: "at once ") }');
  expect(hidden).toMatchObject({ ok: false, errors: [masked] });
  expect(JSON.stringify([hidden, last])).not.toContain('secret');
  expect(lines.join()).toContain('secret');
});

test.each([
  ['subscription { mine', 'GRAPHQL_PARSE_FAILED'],
  ['subscription { yours }', 'GRAPHQL_VALIDATION_FAILED'],
  ['subscription { mine mine2: mine }', 'GRAPHQL_VALIDATION_FAILED'],
  [
    `subscription { discSold(id: "a") { ${'deep { '.repeat(40)} cursor ${'}'.repeat(41)} }`,
    'OPERATION_TOO_LARGE',
  ],
  ['subscription A { mine } subscription B { mine }', 'OPERATION_RESOLUTION_FAILURE'],
  ['{ hello }', 'BAD_REQUEST'],
  ['subscription ($id: ID!) { discSold(id: $id) { cursor } }', 'BAD_USER_INPUT'],
])('refuses %p', async (query, code) => {
  const { ask } = await setUp();
  const first = await ask(query);
  expect(first).toMatchObject({ ok: false, errors: [{ extensions: { code } }] });
  expect(await ask(query)).toEqual(first);
});

test('refuses whom the router did not sign', async () => {
  const { ask, open } = await setUp();
  expect(await ask('subscription { mine }', { headers: {} })).toMatchObject({
    ok: false,
    errors: [{ extensions: { code: 'UNSIGNED_REQUEST' } }],
  });
  expect(await all(await open('subscription { mine }'))).toEqual([{ data: { mine: 'usr_1' } }]);
});
