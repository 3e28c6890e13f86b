/** The example of README.md, run as one process runs it: the handler is called without a socket. */
import { spawn } from 'node:child_process';
import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { WebSocket } from 'ws';
import { randomViewerKey, signViewer } from '../auth/viewer.ts';
import { serve } from '../http/serve.ts';
import { silentLog } from '../observe/log.ts';
import { createMetrics } from '../observe/metrics.ts';
import { parseRoundTrips } from '../observe/round-trips.ts';
import { bundled } from '../tests/bundled.ts';
import { MONGODB_URL, POSTGRES_URL } from '../tests/stores.ts';
import { toy } from '../tests/toy-room/index.ts';
import type { ToyStores } from '../tests/toy-room/store/open.ts';
import { shelves } from '../tests/toy-room/store/shelves.ts';
import { newId } from '../values/ids.ts';
import { type Room, type RunningRoom, startRoom, urlOf } from './room.ts';
import { serveRoom } from './serve-room.ts';

const key = randomViewerKey();
const options = { settings: { TOY_MAX_TITLE: 80 }, viewerKeys: [key], log: silentLog };
const main = bundled('./toy-room/main.ts');
/** The room as an operator starts it. */
function runMain(env: Record<string, string | undefined>, args: string[]) {
  return spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH, ...env } });
}

const withStores = POSTGRES_URL && MONGODB_URL ? describe : describe.skip;

withStores('a room', () => {
  let room: RunningRoom<ToyStores>;
  const shelfIds = Array.from({ length: 5 }, () => newId('shf'));
  const missing = newId('shf');

  beforeAll(async () => {
    const urls = { postgres: POSTGRES_URL!, mongodb: MONGODB_URL! };
    room = await startRoom(toy, { ...options, urls, metrics: createMetrics('toy') });
    // A run that was killed may have left some.
    await Promise.all([room.stores.db.delete(shelves), room.stores.books.deleteMany({})]);
    const base = Date.parse('2026-03-01T12:00:00Z');
    await room.stores.db
      .insert(shelves)
      .values(
        shelfIds.map((id, n) => ({ id, label: `shelf ${n}`, createdAt: new Date(base + Math.floor(n / 2)) })),
      );
  });

  afterAll(async () => {
    await room.stores.db.execute(sql`drop schema toy cascade`);
    await room.stores.books.drop();
    await room.stop();
  });

  const ask = async (query: string, variables: object = {}, scopes: string[] = ['books:write']) => {
    const { status, headers, body } = await room.handler({
      method: 'POST',
      path: '/graphql',
      query: '',
      headers: {
        'content-type': 'application/json',
        'souk-viewer': signViewer({ scopes }, key, { debug: true }),
      },
      body: Buffer.from(JSON.stringify({ query, variables })),
    });
    const { data, errors } = JSON.parse(String(body));
    return { status, data, errors, roundTrips: parseRoundTrips(headers['souk-round-trips'] ?? '') };
  };

  const ADD = `mutation ($input: BookAddInput!) { bookAdd(input: $input) { book { id title shelf { label } } userErrors { kind code field } } }`;
  const add = async (title: string, shelfId = shelfIds[0]!, rating = 3) =>
    (await ask(ADD, { input: { shelfId, title, rating } })).data.bookAdd;

  test('changes its stores, and tells refusals as data', async () => {
    const added = await add('Atlas');
    expect(added).toMatchObject({ book: { title: 'Atlas', shelf: { label: 'shelf 0' } }, userErrors: [] });
    expect(await add(' ')).toEqual({
      book: null,
      userErrors: [{ kind: 'INVALID', code: 'TITLE_EMPTY', field: ['input', 'title'] }],
    });
    expect((await add('Atlas')).userErrors).toMatchObject([{ kind: 'CONFLICT', code: 'TITLE_TAKEN' }]);
    expect((await add('Atlas', missing)).userErrors).toMatchObject([
      { kind: 'NOT_FOUND', code: 'SHELF_NOT_FOUND' },
    ]);
  });

  test('lets one of two through that add the same at once', async () => {
    const outcomes = await Promise.all([add('Twice'), add('Twice')]);
    expect(outcomes.map(({ userErrors }) => userErrors.length).sort()).toEqual([0, 1]);
  });

  test('refuses whoever lacks the scope', async () => {
    const { errors } = await ask(ADD, { input: { shelfId: missing, title: 'x', rating: 1 } }, []);
    expect(errors[0].extensions.code).toBe('FORBIDDEN');
  });

  test('pages over both databases', async () => {
    for (const [n, rating] of [4, 4, 5].entries()) await add(`Book ${n}`, shelfIds[1], rating);
    const query = `query ($id: ID!, $after: String) { shelf(id: $id) { books(first: 2, after: $after) { nodes { title } edges { cursor } pageInfo { hasNextPage endCursor } } } }`;
    const first = (await ask(query, { id: shelfIds[1] })).data.shelf.books;
    expect(first.nodes).toEqual([{ title: 'Book 2' }, { title: 'Book 0' }]);
    expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: first.edges[1].cursor });
    const second = (await ask(query, { id: shelfIds[1], after: first.pageInfo.endCursor })).data.shelf.books;
    expect(second.nodes).toEqual([{ title: 'Book 1' }]);

    const all = `query ($first: Int, $after: String) { shelves(first: $first, after: $after) { nodes { id createdAt } totalCount pageInfo { endCursor } } }`;
    const page = (await ask(all, { first: 3 })).data.shelves;
    const rest = (await ask(all, { first: 3, after: page.pageInfo.endCursor })).data.shelves;
    expect([...page.nodes, ...rest.nodes].map(({ id }) => id)).toEqual([
      shelfIds[4],
      shelfIds[3],
      shelfIds[2],
      shelfIds[1],
      shelfIds[0],
    ]);
    expect(page.nodes[0].createdAt).toBe('2026-03-01T12:00:00.002Z');
    expect(page.totalCount).toBe(5);

    const foreign = await ask(query, { id: shelfIds[1], after: page.pageInfo.endCursor });
    expect(foreign.errors[0]).toMatchObject({
      message: expect.stringContaining('cursor of another list'),
      extensions: { code: 'BAD_USER_INPUT', argument: 'after' },
    });
  });

  test.each([
    ['{ shelves(first: 0) { nodes { id } } }', '`first` must be from 1 to 100, but is 0'],
    ['{ shelves(first: 101) { nodes { id } } }', '`first` must be from 1 to 100, but is 101'],
    ['{ shelves(first: 1, last: 1) { nodes { id } } }', '`first` and `last` cannot be used together'],
    ['{ shelves(after: "abc") { nodes { id } } }', '`after` is not a page cursor'],
  ])('%s is told what to do', async (query, message) => {
    const { errors } = await ask(query);
    expect(errors[0].message).toContain(message);
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  test('resolves entities and what hangs on them in one round trip a store', async () => {
    const representations = [...shelfIds, missing, shelfIds[0]].map((id) => ({ __typename: 'Shelf', id }));
    const { data, roundTrips } = await ask(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Shelf { label bookCount } } }',
      { representations },
    );
    expect(data._entities.map((shelf: { label: string } | null) => shelf?.label)).toEqual([
      ...shelfIds.map((_, n) => `shelf ${n}`),
      undefined,
      'shelf 0',
    ]);
    expect(data._entities[1].bookCount).toBe(3);
    expect(roundTrips).toEqual({ postgres: 1, mongodb: 1, redis: 0 });
  });

  test('has its health and its other paths', async () => {
    await expect(room.checks.postgres?.()).resolves.toBeUndefined();
    await expect(room.checks.mongodb?.()).resolves.toBeUndefined();
    const answer = await room.handler({
      method: 'GET',
      path: '/labels/x.txt',
      query: '',
      headers: {},
      body: Buffer.alloc(0),
    });
    expect(answer.body).toBe('x');
  });

  test('runs as a process of its own, on its own settings', async () => {
    const hexKey = Buffer.alloc(32, 1).toString('hex');
    const served = await serveRoom(toy, {
      env: {
        TOY_POSTGRES_URL: POSTGRES_URL,
        POSTGRES_URL: 'postgres://127.0.0.1:1/not-this-one',
        MONGODB_URL,
        SOUK_VIEWER_KEY: hexKey,
        SOUK_METRICS_PORT: '0',
        SOUK_LOG_LEVEL: 'silent',
      },
      args: ['--port', '0'],
    });
    const ready = await fetch(`${served.url}/health/ready`);
    expect(await ready.json()).toEqual({ status: 'ready', checks: { postgres: 'up', mongodb: 'up' } });
    const unsigned = await fetch(`${served.url}/graphql`, { method: 'POST', body: '{}' });
    expect(unsigned.status).toBe(401);
    const text = await (await fetch(served.metricsUrl!)).text();
    expect(text).toContain('souk_request_duration_seconds_count{service="toy",status="401"} 1');
    const router = new WebSocket(served.url.replace('http', 'ws').concat('/graphql'), 'graphql-transport-ws');
    const closed = once(router, 'close');
    await once(router, 'open');
    const headers = {
      'souk-viewer': signViewer({ scopes: [] }, createSecretKey(Buffer.from(hexKey, 'hex'))),
    };
    router.send(JSON.stringify({ type: 'connection_init', payload: { headers } }));
    expect(String((await once(router, 'message'))[0])).toBe('{"type":"connection_ack"}');
    await served.stop();
    expect((await closed)[0]).toBe(1012);
  });

  test('started by its main.ts, stops gracefully when it is told to', async () => {
    const env = { POSTGRES_URL, MONGODB_URL, SOUK_VIEWER_KEY: 'ab'.repeat(32) };
    const child = runMain(env, ['--port', '0']);
    let log = '';
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)));
      child.stdout.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes('toy is ready at http://127.0.0.1:')) resolve();
      });
    });
    child.removeAllListeners('exit').kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('gives its stores back when the port is taken', async () => {
    const blocker = await serve({ handler: () => Promise.reject(), log: silentLog });
    const env = { POSTGRES_URL, MONGODB_URL, SOUK_VIEWER_KEY: 'ab'.repeat(32), SOUK_LOG_LEVEL: 'silent' };
    await expect(serveRoom(toy, { env, args: ['--port', String(blocker.port)] })).rejects.toThrow('is taken');
    await blocker.stop();
  });
});

describe('a room that cannot start', () => {
  test('says so once, on standard error, and ends with 1', async () => {
    const child = runMain({}, ['--prot', '1']);
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(Buffer.concat(said).toString()).toBe(
      `toy could not start; these settings are wrong:
  Unknown option '--prot' (known flags: --host, --port, --metrics-port)
  POSTGRES_URL is not set, but must be (or TOY_POSTGRES_URL for this domain alone); npm run embedded prints one
  MONGODB_URL is not set, but must be (or TOY_MONGODB_URL for this domain alone); npm run embedded prints one
  SOUK_VIEWER_KEY is not set, but must be
`,
    );
  });

  test('tells every setting at fault in one message', async () => {
    const starting = serveRoom(toy, {
      env: { MONGODB_URL: 'http://x', PORT: 'x', TOY_MAX_TITLE: '0', SOUK_VIEWER_KAY: 'x' },
      args: [],
    });
    const message = await starting.then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message.split('\n')).toEqual([
      'SOUK_VIEWER_KAY is not a setting; did you mean SOUK_VIEWER_KEY?',
      'POSTGRES_URL is not set, but must be (or TOY_POSTGRES_URL for this domain alone); npm run embedded prints one',
      'PORT must be a port from 0 to 65535',
      'SOUK_VIEWER_KEY is not set, but must be',
      'MONGODB_URL must be a URL that starts with mongodb:// or mongodb+srv://',
      'TOY_MAX_TITLE must be a whole number from 1 to 500',
    ]);
  });

  test('closes what it had opened', async () => {
    let closed = false;
    const broken: Room = {
      name: 'broken',
      sdl: 'type Query { a: Nowhere }',
      resolvers: {},
      stores: [],
      settings: {},
      open: async () => ({
        stores: {},
        checks: {},
        close: async () => {
          closed = true;
        },
      }),
      context: (request) => request,
    };
    await expect(
      startRoom(broken, { ...options, settings: {}, urls: {}, metrics: createMetrics('b') }),
    ).rejects.toThrow('broken: SDL and resolvers do not fit');
    expect(closed).toBe(true);
  });

  test('is told when it asks for a store that it did not name', () => {
    expect(() => urlOf({ urls: {} }, 'redis')).toThrow("name redis in the room's stores");
  });
});
