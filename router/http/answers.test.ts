/** What is done to an answer on its way out, and who may read it. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codesOf, get, post, send } from '../tests/toy/ask.ts';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';
import { chooseEncoding } from './encodings.ts';

const GRAPHQL = 'application/graphql-response+json';
const NAME = `query=${encodeURIComponent('{ me { name } }')}`;
/** Some kilobytes. */
const LARGE = '{ __schema { types { name fields { name type { name } } } } }';

let started: ToyRouter[] = [];
const start = async (options: Parameters<typeof startToyRouter>[0] = {}) => {
  const toy = await startToyRouter(options);
  started.push(toy);
  return toy;
};
afterEach(async () => {
  await Promise.all(started.map(({ router }) => router.stop()));
  started = [];
});

describe('compression', () => {
  test.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0.8', 'gzip'],
    ['BR;Q=0.1, gzip;q=0.05', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=2, gzip;q=0.1', 'gzip'],
    ['x-gzip', 'gzip'],
    ['*', 'br'],
    ['*;q=0.1, br;q=0', 'gzip'],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['identity, gzip;q=0.5', undefined],
    ['deflate', undefined],
    ['gzip;q=0', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('is chosen by weight: %s means %s', (header, expected) => {
    expect(chooseEncoding(header)).toBe(expected);
  });

  test('is chosen or not, and never a fault, whatever the header', () => {
    const text = fc.string({ unit: fc.constantFrom(...'*;=,.qbrgzip 01'.split('')), maxLength: 60 });
    fc.assert(fc.property(text, (header) => [undefined, 'br', 'gzip'].includes(chooseEncoding(header))));
  });

  test('gives the same bytes back, and says that it depends', async () => {
    const { handler } = await start();
    const asked = async (encoding: string) => {
      const body = Buffer.from(JSON.stringify({ query: LARGE }));
      const headers = { 'content-type': 'application/json', 'accept-encoding': encoding };
      return handler({ method: 'POST', path: '/graphql', query: '', headers, body });
    };
    const [plain, br, gzip] = [await asked('identity'), await asked('br'), await asked('gzip')];
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect([br.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip']);
    for (const { headers } of [plain, br, gzip]) expect(headers.vary).toBe('accept, accept-encoding');
    expect(brotliDecompressSync(br.body as Buffer).toString()).toBe(plain.body.toString());
    expect(gunzipSync(gzip.body as Buffer).toString()).toBe(plain.body.toString());
    expect(br.body.length).toBeLessThan(plain.body.length / 3);
  });

  test('is left out for what is small, and where it is switched off', async () => {
    const headers = { 'accept-encoding': 'br' };
    const small = await post((await start()).handler, '{ me { name } }', { headers });
    expect(small.headers).toMatchObject({ vary: 'accept' });
    expect(small.headers['content-encoding']).toBeUndefined();
    const { handler } = await start({ http: { compression: false } });
    const told = await post(handler, LARGE, { headers });
    expect(told.headers['content-encoding']).toBeUndefined();
    expect(told.errors).toEqual([]);
  });
});

describe('an answer to a GET', () => {
  test('has a tag, by which it is not sent again until it changes', async () => {
    const { handler, library } = await start();
    const first = await get(handler, NAME);
    expect(first.headers).toMatchObject({
      'cache-control': 'private, no-cache',
      vary: 'accept, authorization',
      etag: expect.stringMatching(/^W\/"[\w-]{27}"$/),
    });
    const etag = first.headers.etag!;
    for (const tag of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
      const again = await get(handler, NAME, { 'if-none-match': tag });
      expect(again).toMatchObject({ status: 304, text: '', headers: { etag } });
      expect(again.headers['content-type']).toBeUndefined();
    }
    library.people.respond = () => ({ status: 200, headers: {}, body: '{"data":{"me":{"name":"Eve"}}}' });
    const changed = await get(handler, NAME, { 'if-none-match': etag });
    expect(changed).toMatchObject({ status: 200, data: { me: { name: 'Eve' } } });
    expect(changed.headers.etag).not.toBe(etag);
  });

  test.each([
    ['with an error beside it', `query=${encodeURIComponent('{ me { name broken } }')}`],
    ['that is none', `query=${encodeURIComponent('{ nothing }')}`],
    [
      'about a mutation',
      `query=${encodeURIComponent('mutation { personRename(id: "p1", name: "x") { id } }')}`,
    ],
  ])('%s is kept by nobody', async (_, query) => {
    const { headers } = await get((await start()).handler, query);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers.etag).toBeUndefined();
  });
});

describe('a batch', () => {
  const batchOf = (...queries: unknown[]) =>
    JSON.stringify(queries.map((query) => (typeof query === 'string' ? { query } : query)));

  test('is answered in order, each operation for itself', async () => {
    const { handler, router } = await start({ http: { maxBatch: 3 } });
    const body = batchOf('{ me { name } }', '{ nothing }', 7);
    const told = await send(handler, { body, headers: { accept: GRAPHQL } });
    expect([told.status, told.headers['content-type']]).toEqual([200, `${GRAPHQL}; charset=utf-8`]);
    expect(JSON.parse(told.text)).toEqual([
      { data: { me: { name: 'Ada' } } },
      { errors: [expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })] },
      { errors: [{ message: 'The body must be a JSON object', extensions: { code: 'BAD_REQUEST' } }] },
    ]);
    const metrics = await router.metrics.registry.metrics();
    expect(metrics).toContain(
      'souk_router_errors_total{operation="(batch)",code="BAD_REQUEST",service="router"} 1',
    );
    expect(metrics).toContain('kind="batch",status="200"} 1');
  });

  test.each([
    ['where none are taken', 0, batchOf('{ me { name } }'), 'Batches are not accepted'],
    ['of too many', 2, batchOf('{ a }', '{ a }', '{ a }'), 'has 3 operations; at most 2'],
    ['of nothing', 2, '[]', 'The batch is empty'],
  ])('%s is refused as a whole', async (_, maxBatch, body, message) => {
    const { handler, library } = await start({ http: { maxBatch } });
    const told = await send(handler, { body });
    expect(told).toMatchObject({ status: 400, errors: [{ message: expect.stringContaining(message) }] });
    expect(library.people.requests).toEqual([]);
  });

  test('in a batch is no batch', async () => {
    const { handler } = await start({ http: { maxBatch: 3 } });
    const told = await send(handler, { body: '[[{"query":"{ me { name } }"}]]' });
    expect(told.text).toContain('must be a JSON object');
  });
});

describe('a page of another site', () => {
  const SHOP = 'https://shop.example';
  const preflight = {
    origin: SHOP,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,authorization',
  };
  const corsOf = (options: object) => ({
    http: { cors: { origins: [SHOP], credentials: false, maxAgeSeconds: 60, ...options } },
  });
  const ask = (toy: ToyRouter, headers: Record<string, string>) =>
    send(toy.handler, { method: 'OPTIONS', headers: { 'content-type': undefined, ...headers } as never });

  test('that is named may ask, and read answers and errors', async () => {
    const toy = await start(corsOf({ credentials: true }));
    expect(await ask(toy, preflight)).toMatchObject({
      status: 204,
      text: '',
      headers: {
        'access-control-allow-origin': SHOP,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'content-type,authorization',
        'access-control-max-age': '60',
        vary: 'access-control-request-headers, origin',
      },
    });
    for (const query of ['{ me { name } }', '{ nothing }']) {
      const { headers } = await post(toy.handler, query, { headers: { origin: SHOP } });
      expect(headers).toMatchObject({
        'access-control-allow-origin': SHOP,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': expect.stringContaining('x-request-id'),
        vary: 'accept, origin',
      });
    }
    const unread = await send(toy.handler, { body: 'x', headers: { origin: SHOP } });
    expect(unread.headers['access-control-allow-origin']).toBe(SHOP);
  });

  test.each([
    ['that is not named', { ...preflight, origin: 'https://evil.example' }],
    ['whose name only begins so', { ...preflight, origin: `${SHOP}.evil.example` }],
    ['without a name', { ...preflight, origin: 'null' }],
  ])('%s may not', async (_, headers) => {
    const toy = await start(corsOf({}));
    const told = await ask(toy, headers);
    expect(told.status).toBe(403);
    expect(codesOf(told)).toEqual(['REQUEST_BLOCKED']);
    expect(told.headers['access-control-allow-origin']).toBeUndefined();
    const { headers: answered } = await post(toy.handler, '{ me { name } }', {
      headers: { origin: headers.origin },
    });
    expect(answered['access-control-allow-origin']).toBeUndefined();
    // What a cache keeps for one must not be given to another.
    expect(answered.vary).toContain('origin');
  });

  test('may be any, without credentials', async () => {
    const toy = await start(corsOf({ origins: '*' }));
    const told = await ask(toy, { ...preflight, origin: 'https://any.example' });
    expect(told.headers).toMatchObject({ 'access-control-allow-origin': '*' });
    expect(told.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('asks in vain where nobody is named', async () => {
    const told = await ask(await start(), preflight);
    expect(told.status).toBe(405);
    expect(Object.keys(told.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('without introspection', () => {
  let toy: ToyRouter;
  beforeAll(async () => {
    toy = await startToyRouter({ introspection: false });
  });
  afterAll(() => toy.router.stop());

  test.each([
    '{ __schema { types { name } } }',
    '{ __type(name: "Person") { name } }',
    'query A { me { name } ... { x: __schema { description } } }',
    '{ ...F } fragment F on Query { __schema { description } }',
  ])('the schema is not told: %s', async (query) => {
    const told = await post(toy.handler, query, { headers: { accept: GRAPHQL } });
    expect(told.status).toBe(400);
    expect(told.data).toBeUndefined();
    expect(told.errors[0]!.message).toContain('introspection');
  });

  test.each([
    ['a field', '{ me { nam } }', {}],
    ['an argument', '{ person(idd: 1) { name } }', {}],
    ['a type', '{ me { ... on Persn { name } } }', {}],
    ['a variable', 'query ($a: Persn) { me { name } }', {}],
  ])('no name is suggested for %s', async (_, query, variables) => {
    const told = await post(toy.handler, query, { variables });
    expect(told.errors.length).toBeGreaterThan(0);
    expect(told.text).not.toMatch(/Did you mean/);
  });

  test('__typename is told, which clients need', async () => {
    expect((await post(toy.handler, '{ __typename me { __typename } }')).errors).toEqual([]);
  });

  test('with it, names are suggested', async () => {
    const other = await start();
    expect((await post(other.handler, '{ me { nam } }')).text).toContain('Did you mean');
  });
});
