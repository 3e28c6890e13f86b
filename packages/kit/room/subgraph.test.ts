import { describe, expect, jest, test } from '@jest/globals';
import { randomViewerKey, signViewer, type Viewer } from '../auth/viewer.ts';
import { soukError } from '../errors/errors.ts';
import { loadOne } from '../graphql/loaders.ts';
import type { Handler, HttpRequest } from '../http/handler.ts';
import { createLog } from '../observe/log.ts';
import { createMetrics, renderMetrics } from '../observe/metrics.ts';
import { currentScope } from '../observe/request-scope.ts';
import { recordedTraces } from '../tests/recorded-traces.ts';
import { createSubgraph, type RequestContext, type SubgraphOptions } from './subgraph.ts';

const key = randomViewerKey();
const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { hello(name: String): String viewerId: ID fail(how: String!): String sum(amount: Decimal!): Decimal cd: Disc deep: Deep }
  type Disc @key(fields: "id") { id: ID! title: String required: String! }
  type Deep { deep: Deep name: String }
  scalar Decimal
`;

interface Context extends RequestContext {
  discs: ReturnType<typeof loadOne<{ id: string; title: string }>>;
}

function setUp(options: Partial<SubgraphOptions<Context>> = {}) {
  const fetched: string[][] = [];
  const lines: string[] = [];
  const log = createLog({ service: 'discs', destination: { write: (line: string) => lines.push(line) } });
  const metrics = createMetrics('discs');
  const resolvers = {
    Query: {
      hello: (_: unknown, { name }: { name?: string }) => `hello ${name}`,
      viewerId: (_: unknown, __: unknown, { viewer }: Context) => viewer.userId,
      sum: (_: unknown, { amount }: { amount: string }) => amount,
      cd: () => ({ id: 'c', title: 'C' }),
      deep: () => ({}),
      fail: (_: unknown, { how }: { how: string }) => {
        if (how === 'ours') throw soukError('NOT_FOUND', 'no such thing');
        if (how === 'away') throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
        throw new Error('relation "secrets" does not exist');
      },
    },
    Disc: {
      __resolveReference: ({ id }: { id: string }, { discs }: Context) => discs.load(id),
    },
  };
  const subgraph = createSubgraph<Context>({
    name: 'discs',
    sdl: SDL,
    resolvers,
    viewerKeys: [key],
    log,
    metrics,
    context: (request) => ({
      ...request,
      discs: loadOne(
        async (ids) => {
          fetched.push([...ids]);
          return ids.filter((id) => id !== 'missing').map((id) => ({ id, title: id.toUpperCase() }));
        },
        ({ id }) => id,
      ),
    }),
    ...options,
  });
  const ask = async (body: unknown, more: Partial<HttpRequest> = {}, viewer: Viewer = { scopes: [] }) => {
    const { handler } = await subgraph;
    const answer = await handler(requestOf(body, { 'souk-viewer': signViewer(viewer, key) }, more));
    return { ...answer, json: JSON.parse(String(answer.body)) };
  };
  return { subgraph, ask, fetched, lines, metrics };
}

function requestOf(
  body: unknown,
  headers: Record<string, string>,
  more: Partial<HttpRequest> = {},
): HttpRequest {
  return {
    method: 'POST',
    path: '/graphql',
    query: '',
    body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
    ...more,
    headers: { 'content-type': 'application/json', ...headers, ...more.headers },
  };
}

describe('a subgraph', () => {
  test('answers whoever the router signed', async () => {
    const { ask } = setUp();
    const query = 'query ($name: String) { hello(name: $name) viewerId }';
    const { status, headers, json } = await ask(
      { query, variables: { name: 'world' } },
      {},
      { userId: 'usr_1', scopes: [] },
    );
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(json).toEqual({ data: { hello: 'hello world', viewerId: 'usr_1' } });
  });

  test.each([
    ['not at all', undefined, 'send the operation to the router'],
    ['with another key', signViewer({ scopes: [] }, randomViewerKey()), 'need the same SOUK_VIEWER_KEY'],
    ['a minute ago', signViewer({ scopes: [] }, key, { now: Date.now() - 61_000 }), 'clocks'],
    ['in another way', 'gibberish', 'malformed'],
  ])('refuses what was signed %s, introspection and _service included', async (_, header, words) => {
    const { handler } = await setUp().subgraph;
    for (const query of ['{ hello }', '{ __schema { types { name } } }', '{ _service { sdl } }']) {
      const answer = await handler(
        requestOf({ query }, header === undefined ? {} : { 'souk-viewer': header }),
      );
      expect(answer.status).toBe(401);
      const [error] = JSON.parse(String(answer.body)).errors;
      expect(error.extensions.code).toBe('UNSIGNED_REQUEST');
      expect(error.message).toContain(words);
    }
  });

  test('tells its SDL and its schema to who is signed', async () => {
    const { ask } = setUp();
    expect((await ask({ query: '{ _service { sdl } }' })).json.data._service.sdl).toContain('type Disc');
    expect(
      (await ask({ query: '{ __schema { queryType { name } } }' })).json.data.__schema.queryType.name,
    ).toBe('Query');
  });

  test('resolves many entities, duplicate and missing ones too, with one fetch', async () => {
    const { ask, fetched } = setUp();
    const representations = ['a', 'missing', 'b', 'a'].map((id) => ({ __typename: 'Disc', id }));
    const query =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Disc { title } } }';
    const { json } = await ask({ query, variables: { representations } });
    expect(json.data._entities).toEqual([{ title: 'A' }, null, { title: 'B' }, { title: 'A' }]);
    expect(fetched).toEqual([['a', 'missing', 'b']]);
    await ask({ query, variables: { representations } });
    expect(fetched).toHaveLength(2);
  });

  test('carries the request id into the answer and below', async () => {
    const seen: (string | undefined)[] = [];
    const { subgraph } = setUp({
      context: (request) => {
        seen.push(request.requestId, currentScope()?.requestId);
        return request as Context;
      },
    });
    const { handler } = await subgraph;
    const headers = { 'souk-viewer': signViewer({ scopes: [] }, key), 'x-request-id': 'from-the-router' };
    const answer = await handler(requestOf({ query: '{ hello }' }, headers));
    expect(answer.headers['x-request-id']).toBe('from-the-router');
    expect(seen).toEqual(['from-the-router', 'from-the-router']);
  });

  test('tells its round trips when the router asks for them', async () => {
    const { handler } = await setUp().subgraph;
    const asked = requestOf(
      { query: '{ hello }' },
      { 'souk-viewer': signViewer({ scopes: [] }, key, { debug: true }) },
    );
    expect((await handler(asked)).headers['souk-round-trips']).toBe('postgres=0, mongodb=0, redis=0');
    const plain = requestOf({ query: '{ hello }' }, { 'souk-viewer': signViewer({ scopes: [] }, key) });
    expect((await handler(plain)).headers).not.toHaveProperty('souk-round-trips');
  });

  test('is a span under the router’s', async () => {
    const traces = recordedTraces();
    const { ask } = setUp({ traces });
    await ask({ query: '{ hello }' }, { headers: { traceparent: '00-abc' } });
    expect(traces.spans).toMatchObject([
      {
        name: 'discs',
        kind: 'server',
        parent: '00-abc',
        ended: true,
        attributes: { 'http.response.status_code': 200 },
      },
    ]);
  });

  test('serves other paths beside GraphQL, and says where GraphQL is', async () => {
    const handle: Handler = async () => ({ status: 200, headers: {}, body: 'keys' });
    const { subgraph } = setUp({ routes: [{ method: 'GET', path: '/keys', handle }] });
    const { handler } = await subgraph;
    const get = (path: string, method = 'GET') => handler(requestOf({}, {}, { method, path }));
    expect((await get('/keys')).body).toBe('keys');
    expect((await get('/keys', 'HEAD')).body).toBe('keys');
    expect((await get('/keys', 'POST')).status).toBe(404);
    const missing = await get('/');
    expect(missing.status).toBe(404);
    expect(String(missing.body)).toContain('GraphQL is at /graphql');
  });
});

describe('errors', () => {
  test('of ours are told, others are masked and logged under the request id', async () => {
    const { ask, lines, metrics } = setUp();
    const query = 'query ($how: String!) { fail(how: $how) hello }';
    const ours = await ask({ query, variables: { how: 'ours' } });
    expect(ours.json.errors[0]).toMatchObject({
      message: 'no such thing',
      path: ['fail'],
      extensions: { code: 'NOT_FOUND' },
    });
    expect(ours.json.data).toEqual({ fail: null, hello: 'hello undefined' });
    expect(lines).toEqual([]);

    const masked = await ask(
      { query, variables: { how: 'other' } },
      { headers: { 'x-request-id': 'request-7' } },
    );
    expect(masked.json.errors[0].extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      requestId: 'request-7',
    });
    expect(JSON.stringify(masked.json)).not.toMatch(/secrets|stacktrace/);
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'error', requestId: 'request-7', path: ['fail'] });
    expect(lines[0]).toContain('secrets');

    expect((await ask({ query, variables: { how: 'away' } })).json.errors[0].extensions.code).toBe(
      'SERVICE_UNAVAILABLE',
    );
    const text = await renderMetrics([metrics.registry]);
    for (const code of ['NOT_FOUND', 'INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']) {
      expect(text).toContain(`souk_errors_total{code="${code}",service="discs"} 1`);
    }
  });

  test('of a broken promise in the schema are masked too', async () => {
    const { json } = await setUp().ask({ query: '{ cd { required } }' });
    expect(json.errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(json.errors[0].message).not.toContain('Disc.required');
  });

  test.each([
    ['syntax', { query: '{' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an unknown operation',
      { query: 'query A { hello } query B { hello }', operationName: 'C' },
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'a variable of the wrong kind',
      { query: 'query ($n: String) { hello(name: $n) }', variables: { n: 1 } },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a scalar that is nearly right',
      { query: 'query ($a: Decimal!) { sum(amount: $a) }', variables: { a: '1,5' } },
      400,
      'BAD_USER_INPUT',
    ],
    ['no query', { variables: {} }, 400, 'BAD_REQUEST'],
    ['a list of operations', [{ query: '{ hello }' }], 400, 'BAD_REQUEST'],
    ['null', null, 400, 'BAD_REQUEST'],
    ['variables that are no object', { query: '{ hello }', variables: 'x' }, 400, 'BAD_REQUEST'],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff]), 400, 'BAD_REQUEST'],
    [
      'a key that reaches prototypes',
      Buffer.from('{"query":"{ hello }","variables":{"__proto__":{}}}'),
      400,
      'BAD_REQUEST',
    ],
    [
      'JSON nested too deeply',
      Buffer.from(`{"query":"{ hello }","variables":${'['.repeat(900)}${']'.repeat(900)}}`),
      400,
      'BAD_REQUEST',
    ],
    [
      'an operation too deep',
      { query: `{ deep ${'{ deep '.repeat(40)} { name } ${'}'.repeat(40)} }` },
      400,
      'OPERATION_TOO_LARGE',
    ],
    ['a document too long', { query: `{ ${'hello '.repeat(21_000)} }` }, 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'too many entities',
      { query: '{ hello }', variables: { representations: Array(10_001).fill({}) } },
      400,
      'OPERATION_TOO_LARGE',
    ],
  ])('%s is told with its code', async (_, body, status, code) => {
    const { ask } = setUp();
    const answer = await ask(body, { headers: { accept: 'application/graphql-response+json' } });
    expect(answer.json.errors[0].extensions.code).toBe(code);
    expect(answer.status).toBe(status);
    expect((await ask({ query: '{ hello }' })).json.data).toEqual({ hello: 'hello undefined' });
  });

  test.each([
    ['another method', { method: 'PUT' }, 405, 'METHOD_NOT_ALLOWED'],
    ['no media type that there is', { headers: { accept: 'image/png' } }, 406, 'NOT_ACCEPTABLE'],
    ['another media type', { headers: { 'content-type': 'text/plain' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a media type that only looks alike',
      { headers: { 'content-type': 'application/json5' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is told with its code', async (_, more, status, code) => {
    const answer = await setUp().ask({ query: '{ hello }' }, more);
    expect(answer.status).toBe(status);
    expect(answer.json.errors[0].extensions.code).toBe(code);
  });

  test('of a route go to whoever serves the handler', async () => {
    const handle = jest.fn<Handler>().mockRejectedValue(new Error('no'));
    const traces = recordedTraces();
    const { handler } = await setUp({ routes: [{ method: 'GET', path: /\/x\/\d+/, handle }], traces })
      .subgraph;
    await expect(handler(requestOf({}, {}, { method: 'GET', path: '/x/1' }))).rejects.toThrow('no');
    expect(traces.spans[0]).toMatchObject({ failed: true, ended: true });
    expect((await handler(requestOf({}, {}, { method: 'GET', path: '/x/1/y' }))).status).toBe(404);
  });
});

describe('what does not fit is found at the start', () => {
  const base = {
    name: 'discs',
    resolvers: {},
    context: (request: RequestContext) => request,
    viewerKeys: [key],
    log: createLog({ service: 'discs', level: 'silent' }),
  };

  test.each([
    ['SDL that cannot be parsed', { sdl: 'type Query {' }, /^discs: the SDL cannot be parsed: Syntax Error/],
    [
      'a resolver without a field',
      { sdl: 'type Query { a: Int }', resolvers: { Query: { b: () => 1 } } },
      'discs: there is a resolver for Query.b, which the SDL does not have',
    ],
    [
      'a resolver without a type',
      { sdl: 'type Query { a: Int }', resolvers: { Disk: { b: () => 1 } } },
      'there is a resolver for Disk',
    ],
    [
      'a directive that is not imported',
      { sdl: 'type Query { a: Int @nowhere }' },
      /^discs: SDL and resolvers do not fit: [\s\S]*@nowhere/,
    ],
    [
      'a scalar that nobody parses',
      { sdl: 'type Query { a: Colour } scalar Colour' },
      'nobody knows how to parse the scalar Colour',
    ],
  ])('%s', async (_, options, message) => {
    await expect(createSubgraph({ ...base, ...options })).rejects.toThrow(message);
  });
});
