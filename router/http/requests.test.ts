/** What a request gets that is not as it should be, and what one gets that is. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Served, serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import { codesOf, get, post, send } from '../tests/toy/ask.ts';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';

const GRAPHQL = 'application/graphql-response+json';
const NAME = encodeURIComponent('{ me { name } }');

let toy: ToyRouter;
let served: Served;

beforeAll(async () => {
  toy = await startToyRouter({
    limits: { maxDepth: 12, maxHeight: 200, maxTokens: 1_000, maxRootFields: 150 },
  });
  served = await serve({ handler: toy.handler, log: silentLog });
});
afterAll(async () => {
  await served.stop();
  await toy.router.stop();
});

describe('a POST', () => {
  const body = (value: unknown) => JSON.stringify(value);

  test.each([
    ['no body', '', 'no body'],
    ['half of one', '{"query":"{ me', 'not valid JSON'],
    ['a text', '"a"', 'must be a JSON object'],
    ['null', 'null', 'must be a JSON object'],
    ['a batch', '[{"query":"{__typename}"}]', 'Batches are not accepted'],
    ['no query', '{}', 'query is missing'],
    ['a query that is null', '{"query":null}', 'query is missing'],
    [
      'a persisted query',
      body({ extensions: { persistedQuery: { version: 1 } } }),
      'extensions.persistedQuery must be',
    ],
    ['variables as a text', body({ query: '{__typename}', variables: '{}' }), 'variables must be an object'],
    ['variables as a list', body({ query: '{__typename}', variables: [] }), 'variables must be an object'],
    [
      'an operationName that is no text',
      body({ query: '{__typename}', operationName: 1 }),
      'operationName must be a string',
    ],
    ['a key for a prototype', '{"query":"{__typename}","variables":{"__proto__":{}}}', '__proto__'],
    [
      'brackets in brackets',
      `{"query":"{__typename}","variables":{"a":${'['.repeat(5e4)}${']'.repeat(5e4)}}}`,
      'nested too deeply',
    ],
  ])('with %s is refused', async (_, text, message) => {
    for (const accept of ['application/json', GRAPHQL]) {
      const told = await send(toy.handler, { body: text, headers: { accept } });
      expect(told.status).toBe(400);
      expect(told.headers['content-type']).toBe(`${accept}; charset=utf-8`);
      expect(told.errors).toEqual([
        { message: expect.stringContaining(message), extensions: { code: 'BAD_REQUEST' } },
      ]);
      expect(told.data).toBeUndefined();
    }
  });

  test.each([
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    [
      'an overlong slash',
      Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    ],
    ['UTF-16', Buffer.from('{"query":"{__typename}"}', 'utf16le')],
  ])('with %s is refused', async (_, bytes) => {
    expect(codesOf(await send(toy.handler, { body: bytes }))).toEqual(['BAD_REQUEST']);
  });

  test.each([
    ['of another type', { 'content-type': 'text/plain' }],
    ['of a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['in another charset', { 'content-type': 'application/json; charset=latin1' }],
    ['that is compressed', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ])('with a body %s is refused', async (_, headers) => {
    const told = await send(toy.handler, { body: '{"query":"{__typename}"}', headers });
    expect(told.status).toBe(415);
    expect(codesOf(told)).toEqual(['UNSUPPORTED_MEDIA_TYPE']);
  });

  test('of 10 MB is refused, and the connection stays good', async () => {
    const large = await fetch(`${served.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(10_000_000) } }),
    });
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ errors: [{ extensions: { code: 'CONTENT_TOO_LARGE' } }] });
    const next = await fetch(`${served.url}/graphql?query=${NAME}`);
    expect(await next.json()).toEqual({ data: { me: { name: 'Ada' } } });
  });
});

describe('a GET', () => {
  test('is answered, with variables and the name of its operation', async () => {
    const query = 'query A($id: ID!) { person(id: $id) { name } } query B { me { name } }';
    const search = new URLSearchParams({ query, variables: '{"id":"p2"}', operationName: 'A' });
    expect((await get(toy.handler, search.toString())).data).toEqual({ person: { name: 'Ben' } });
  });

  test('may leave parameters empty', async () => {
    expect((await get(toy.handler, `query=${NAME}&variables=&operationName=`)).data).toEqual({
      me: { name: 'Ada' },
    });
  });

  test.each([
    ['without a query', '', 'query is missing'],
    ['with two', `query=${NAME}&query=${NAME}`, 'given more than once'],
    [
      'with variables that are no JSON',
      `query=${NAME}&variables={`,
      'The parameter variables is not valid JSON',
    ],
    ['with variables that are no object', `query=${NAME}&variables=[]`, 'variables must be an object'],
  ])('%s is refused', async (_, query, message) => {
    const told = await get(toy.handler, query);
    expect(told).toMatchObject({ status: 400, errors: [{ message: expect.stringContaining(message) }] });
  });

  test('does not run a mutation, nor is it tried', async () => {
    const told = await get(
      toy.handler,
      `query=${encodeURIComponent('mutation { personRename(id: "p1", name: "x") { id } }')}`,
    );
    expect(told.status).toBe(405);
    expect(told.headers.allow).toBe('POST');
    expect(toy.library.people.requests.some(({ query }) => query.startsWith('mutation'))).toBe(false);
  });
});

describe('a request', () => {
  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('by %s is refused', async (method) => {
    const told = await send(toy.handler, { method });
    expect(told).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } });
  });

  test('to another path finds nothing', async () => {
    for (const path of ['/', '/graphql/', '/graphql/../graphql', '/explorer/x.js', '/%67raphql']) {
      expect(codesOf(await send(toy.handler, { path }))).toEqual(['NOT_FOUND']);
    }
  });

  test('that accepts nothing there is, is told what there is', async () => {
    const told = await post(toy.handler, '{ __typename }', { headers: { accept: 'image/png' } });
    expect(told.status).toBe(406);
    expect(codesOf(told)).toEqual(['NOT_ACCEPTABLE']);
  });

  test('is never kept by a cache', async () => {
    expect((await post(toy.handler, '{ __typename }')).headers).toMatchObject({
      'cache-control': 'no-store',
      vary: 'accept',
    });
  });
});

describe('a document', () => {
  const deep = (levels: number) => `{ me ${'{ friends '.repeat(levels)}{ name }${' }'.repeat(levels)} }`;

  test.each([
    ['of bad syntax', '{ me {', 'GRAPHQL_PARSE_FAILED'],
    ['of too many tokens', `{ ${'a '.repeat(1_000)} }`, 'OPERATION_TOO_LARGE'],
    ['that does not fit', '{ me { nmae } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['without an operation', 'fragment F on Person { name }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'with fragments in a circle',
      '{ me { ...A } } fragment A on Person { ...B } fragment B on Person { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['that is too deep', deep(11), 'OPERATION_TOO_LARGE'],
    [
      'that is too deep by a fragment',
      `{ me { ...F } } fragment F on Person ${deep(11).slice(5, -2)}`,
      'OPERATION_TOO_LARGE',
    ],
    [
      'that grows by its fragments',
      `{ me { ...F0 } } ${Array.from({ length: 20 }, (_, n) => `fragment F${n} on Person { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F20 on Person { name }`,
      'OPERATION_TOO_LARGE',
    ],
    ['that repeats a field', `{ ${'me { name } '.repeat(120)} }`, 'OPERATION_TOO_LARGE'],
    [
      'that lists in lists',
      `{ person(id: ${'['.repeat(20)}1${']'.repeat(20)}) { name } }`,
      'OPERATION_TOO_LARGE',
    ],
    ['that subscribes', 'subscription { __typename }', 'BAD_REQUEST'],
    [
      'that recurses by introspection',
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('%s is refused: 400, or 200 to who knows no better', async (_, query, code) => {
    const told = await post(toy.handler, query, { headers: { accept: GRAPHQL } });
    expect(told.status).toBe(400);
    expect(told.data).toBeUndefined();
    expect(new Set(told.errors.map(({ extensions }) => extensions.code))).toEqual(new Set([code]));
    expect((await post(toy.handler, query)).status).toBe(200);
  });

  test.each([
    ['that is missing', {}],
    ['of another type', { id: { a: 1 } }],
    ['that is null', { id: null }],
  ] as [string, Record<string, unknown>][])('with a variable %s is refused', async (_, variables) => {
    const query = 'query ($id: ID!) { person(id: $id) { name } }';
    const told = await post(toy.handler, query, { variables, headers: { accept: GRAPHQL } });
    expect(told.status).toBe(400);
    expect(codesOf(told)).toEqual(['BAD_USER_INPUT']);
  });

  test('of several operations needs a name that is there', async () => {
    const query = 'query A { me { name } } query B { me { id } }';
    expect((await post(toy.handler, query)).errors[0]!.message).toBe(
      'The document has the operations A, B; operationName is missing',
    );
    expect((await post(toy.handler, query, { operationName: 'C' })).errors[0]!.message).toContain(
      '"C" names none',
    );
    expect((await post(toy.handler, query, { operationName: 'B' })).data).toEqual({ me: { id: 'p1' } });
  });

  test('of thousands of brackets is refused, not a fault', async () => {
    const other = await startToyRouter({ limits: { maxTokens: 200_000 } });
    const told = await post(other.handler, `{ a(b: ${'['.repeat(60_000)}`);
    expect(['OPERATION_TOO_LARGE', 'GRAPHQL_PARSE_FAILED']).toContain(told.errors[0]!.extensions.code);
    await other.router.stop();
  });
});

describe('a page of another site', () => {
  const crossSite = { 'sec-fetch-site': 'cross-site', accept: '*/*' };

  test.each([
    ['by an image or a link', crossSite],
    ['by a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['by a script, where the browser marks nothing', { origin: 'http://evil.example', host: 'api.example' }],
    ['by a frame without an origin', { origin: 'null', host: 'api.example' }],
    ['with a content type that needs no asking', { ...crossSite, 'content-type': 'text/plain' }],
  ])('cannot make a browser ask %s', async (_, headers) => {
    const told = await get(toy.handler, `query=${NAME}`, headers);
    expect(told.status).toBe(403);
    expect(codesOf(told)).toEqual(['REQUEST_BLOCKED']);
  });

  test('cannot send a form', async () => {
    const headers = { ...crossSite, 'content-type': 'text/plain' };
    expect((await send(toy.handler, { body: '{"query":"mutation { x }"}', headers })).status).toBe(415);
  });

  test.each([
    ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'http://api.example', host: 'api.example' }],
    ['our own page where nothing is marked', { origin: 'http://api.example', host: 'api.example' }],
    ['an address bar', { 'sec-fetch-site': 'none' }],
    ['a program', {}],
    ['a page that asked first', { ...crossSite, 'apollo-require-preflight': 'true' }],
    ['a page that asked first, by its content type', { ...crossSite, 'content-type': 'application/json' }],
  ])('is not %s', async (_, headers) => {
    expect((await get(toy.handler, `query=${NAME}`, headers as Record<string, string>)).status).toBe(200);
  });
});

test('a path that is not decoded, and headers in any case, come through a socket alike', async () => {
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(
      `${served.url}/graphql?query=${NAME}`,
      { headers: { ACCEPT: GRAPHQL } },
      (response) => {
        response.resume();
        resolve(`${response.statusCode} ${response.headers['content-type']}`);
      },
    );
    request.on('error', reject).end();
  });
  expect(status).toBe(`200 ${GRAPHQL}; charset=utf-8`);
});
