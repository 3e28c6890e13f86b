/** What the router tells of its requests: one line in the log, figures for Prometheus. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createLog } from '@souk/kit/observe/log';
import { noTraces } from '@souk/kit/observe/traces';
import { recordedTraces } from '@souk/kit/tests/recorded-traces';
import { createHandler } from '../http/handler.ts';
import { HTTP_DEFAULTS } from '../http/options.ts';
import { createQueue } from '../http/queue.ts';
import { createRouterMetrics } from '../metrics.ts';
import { type PlanReport, planReport } from '../operation/explain.ts';
import { newTrail } from '../trail.ts';
import { post, send } from './toy/ask.ts';
import { createIssuer } from './toy/issuer.ts';
import { startToyRouter } from './toy/router.ts';

async function startLogged() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (text: string) => lines.push(JSON.parse(text)) };
  const issuer = await createIssuer();
  const toy = await startToyRouter({
    log: createLog({ service: 'router', destination }),
    tokens: issuer.options,
  });
  return { ...toy, lines, issuer };
}

describe('the log', () => {
  test('has one line a request, with its operation, subgraphs and viewer, and no secret', async () => {
    const { handler, lines, issuer, router } = await startLogged();
    const headers = {
      ...(await issuer.bearer()),
      'x-request-id': 'request-12345',
      'souk-guest': 'gst_secret',
    };
    await post(handler, 'query Shelf { me { name phone } books { ratings { stars } } }', { headers });
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        service: 'router',
        requestId: 'request-12345',
        method: 'POST',
        path: '/graphql',
        status: 200,
        ms: expect.any(Number),
        operation: 'Shelf',
        kind: 'query',
        hash: expect.stringMatching(/^[0-9a-f]{16}$/),
        user: 'p1',
        fetches: expect.arrayContaining(['people', 'books', 'ratings']),
        errors: ['UNAUTHORIZED_FIELD_OR_TYPE'],
        withheld: 1,
        msg: 'request',
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/secret|Bearer/);
    await router.stop();
  });

  test('has one for a request that is refused, and for one of a client', async () => {
    const { handler, lines, issuer, router } = await startLogged();
    await send(handler, { body: 'x' });
    await send(handler, { method: 'GET', path: '/nowhere' });
    await post(handler, '{ __typename }', {
      headers: await issuer.bearer('', { sub: 'k1', client_id: 'k1' }),
    });
    expect(lines.map(({ status, errors, client }) => [status, errors, client])).toEqual([
      [400, ['BAD_REQUEST'], undefined],
      [404, ['NOT_FOUND'], undefined],
      [200, undefined, 'k1'],
    ]);
    await router.stop();
  });

  test('has what was kept from the client, under the same request id', async () => {
    const { handler, lines, router } = await startLogged();
    const told = await post(handler, '{ me { broken } }', { headers: { 'x-request-id': 'request-54321' } });
    expect(told.errors[0]!.message).toContain('request-54321');
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        requestId: 'request-54321',
        subgraph: 'people',
        message: 'connect ECONNREFUSED 10.1.2.3:5432',
      }),
    );
    await router.stop();
  });

  test('has the cause of a fault of ours; the client gets the id to report', async () => {
    const lines: Record<string, unknown>[] = [];
    const destination = { write: (text: string) => lines.push(JSON.parse(text)) };
    const handler = createHandler({
      graphql: async () => {
        throw new Error('unforeseen');
      },
      finish: (_, response) => response,
      queue: createQueue(HTTP_DEFAULTS.queue),
      metrics: createRouterMetrics(),
      traces: noTraces,
      log: createLog({ service: 'router', destination }),
    });
    const told = await post(handler, '{ a }', { headers: { 'x-request-id': 'request-99999' } });
    expect(told.status).toBe(500);
    expect(told.text).not.toContain('unforeseen');
    expect(told.errors[0]!.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId: 'request-99999' });
    expect(lines.map(({ level, requestId }) => [level, requestId])).toEqual([
      ['error', 'request-99999'],
      ['info', 'request-99999'],
    ]);
    expect(JSON.stringify(lines[0])).toContain('unforeseen');
  });
});

describe('metrics', () => {
  test('count requests by operation, fetches by subgraph, and errors by code', async () => {
    const { handler, router, library } = await startToyRouter();
    await post(handler, 'query Me { me { name mood } }');
    await post(handler, '{ me { name } }');
    await post(handler, '{ nothing }');
    library.people.respond = () => ({ status: 502, headers: {}, body: 'no' });
    await post(handler, 'query Me { me { name mood } }');
    const text = await router.metrics.registry.metrics();
    for (const line of [
      'souk_router_request_duration_seconds_count{service="router",operation="Me",kind="query",status="200"} 2',
      'souk_router_request_duration_seconds_count{service="router",operation="(unnamed)",kind="query",status="200"} 1',
      'souk_router_request_duration_seconds_count{service="router",operation="(none)",kind="(none)",status="200"} 1',
      'souk_router_subgraph_duration_seconds_count{service="router",subgraph="people",outcome="ok"} 2',
      'souk_router_subgraph_duration_seconds_count{service="router",subgraph="people",outcome="invalid"} 1',
      'souk_router_errors_total{operation="(none)",code="GRAPHQL_VALIDATION_FAILED",service="router"} 1',
      'souk_router_errors_total{operation="Me",code="UNAUTHORIZED_FIELD_OR_TYPE",service="router"} 1',
      'souk_router_operation_cost_count{service="router",operation="Me"} 2',
      'souk_router_plan_duration_seconds_count{service="router"} 2',
      'souk_router_plans_kept_total{service="router"} 1',
      'souk_router_withheld_fields_total{service="router"} 2',
      'souk_router_supergraphs_total{outcome="served",service="router"} 1',
    ]) {
      expect(text).toContain(line);
    }
    await router.stop();
  });

  test('name registered operations alone where there are some', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'souk-manifest-'));
    const file = join(folder, 'm.json');
    await writeFile(file, JSON.stringify({ a: 'query Shelf { books { title } }' }));
    const { handler, router } = await startToyRouter({ documents: { mode: 'open', manifests: [file] } });
    await send(handler, { body: '{"documentId":"a"}' });
    await post(handler, 'query Other { me { name } }');
    const text = await router.metrics.registry.metrics();
    expect(text).toContain('_count{service="router",operation="Shelf",kind="query",status="200"} 1');
    expect(text).toContain('_count{service="router",operation="(other)",kind="query",status="200"} 1');
    expect(text).not.toContain('"Other"');
    await router.stop();
    await rm(folder, { recursive: true });
  });

  test('do not grow with the names that clients make up', async () => {
    const { handler, router } = await startToyRouter();
    for (let index = 0; index < 230; index++) await post(handler, `query Name${index} { __typename }`);
    const text = await router.metrics.registry.metrics();
    expect(text.match(/duration_seconds_count{service="router",operation="Name/g)).toHaveLength(200);
    expect(text).toContain('_count{service="router",operation="(other)",kind="query",status="200"} 30');
    await router.stop();
  });
});

test('a trace goes on from the caller to the subgraphs, with a span for each fetch', async () => {
  const caller = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const traces = recordedTraces();
  const { handler, router, library } = await startToyRouter({ traces });
  library.ratings.respond = () => ({ status: 502, headers: {}, body: 'no' });
  await post(handler, 'query Shelf { books { title ratings { stars } } }', {
    headers: { traceparent: caller },
  });
  const [request, books, ratings] = traces.spans;
  expect(request).toMatchObject({
    name: 'router',
    kind: 'server',
    parent: caller,
    ended: true,
    attributes: {
      'http.response.status_code': 200,
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Shelf',
    },
  });
  expect(books).toMatchObject({
    name: 'fetch books',
    kind: 'client',
    ended: true,
    attributes: { 'subgraph.name': 'books', 'subgraph.outcome': 'ok' },
  });
  expect(ratings).toMatchObject({
    failed: true,
    ended: true,
    attributes: { 'subgraph.name': 'ratings', 'subgraph.outcome': 'invalid' },
  });
  expect(books!.failed).toBeFalsy();
  for (const { name, span } of [
    { name: 'books' as const, span: books! },
    { name: 'ratings' as const, span: ratings! },
  ]) {
    expect(library[name].requests[0]!.headers.traceparent).toBe(span.traceparent);
  }
  await router.stop();
});

describe('how an operation was run', () => {
  const query = 'query Shelf { books { title author { name } ratings { stars } } }';
  const ask = async (development: boolean, headers: Record<string, string>) => {
    const { handler, router } = await startToyRouter({ development });
    const told = await post(handler, query, { headers });
    await router.stop();
    return { ...told, plan: JSON.parse(told.text).extensions?.plan as PlanReport | undefined };
  };
  const report = { 'graphql-plan': 'report' };

  test('is told in development to who asks: what each subgraph was sent, when, and for how long', async () => {
    const { plan, headers, errors } = await ask(true, report);
    expect(errors).toEqual([]);
    expect(plan).toMatchObject({ isKept: false, planMs: expect.any(Number) });
    const [books, ...others] = plan!.fetches;
    expect(books).toEqual({
      subgraph: 'books',
      operation: expect.stringContaining('books'),
      paths: [],
      waitsFor: [],
      outcome: 'ok',
      startMs: 0,
      ms: expect.any(Number),
    });
    expect(others.map(({ subgraph, paths, waitsFor }) => [subgraph, paths, waitsFor])).toEqual(
      expect.arrayContaining([
        ['people', ['books[].author'], [0]],
        ['ratings', ['books[]'], [0]],
      ]),
    );
    for (const { startMs, ms } of others)
      expect([startMs, ms]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(headers['server-timing']).toMatch(
      /^total;dur=[\d.]+, plan;dur=[\d.]+, fetch;desc="books";dur=[\d.]+, fetch;/,
    );
  });

  test.each([
    ['outside of development', false, report],
    ['to who does not ask', true, {}],
  ])('is not told %s', async (_, development, headers) => {
    const told = await ask(development, headers);
    expect(told.plan).toBeUndefined();
    expect(told.headers['server-timing']).toBeUndefined();
  });

  test('has fetches that were not needed, without a time', async () => {
    const { handler, router } = await startToyRouter({ development: true });
    const told = await post(handler, '{ book(id: "none") { title ratings { stars } } }', { headers: report });
    const { plan } = JSON.parse(told.text).extensions as { plan: PlanReport };
    expect(plan.fetches.map(({ subgraph, outcome }) => [subgraph, outcome])).toEqual([
      ['books', 'ok'],
      ['ratings', undefined],
    ]);
    await router.stop();
  });

  test('ends with requests that stand in no plan', () => {
    const trail = newTrail('r');
    const fetch = { subgraph: 'a', started: 100, seconds: 0.01 };
    trail.fetches.push(
      { ...fetch, operation: '{ x }', outcome: 'ok' },
      { ...fetch, operation: '{ y }', outcome: 'timeout', started: 105.04 },
    );
    const planned = [{ subgraph: 'a', operation: '{ x }', paths: [], waitsFor: [] }];
    expect(planReport(planned, trail).fetches).toMatchObject([
      { operation: '{ x }', outcome: 'ok', startMs: 0, ms: 10 },
      { operation: '{ y }', outcome: 'timeout', startMs: 5, ms: 10, waitsFor: [] },
    ]);
  });
});
