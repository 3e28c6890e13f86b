/** Subgraphs that are down, slow, wrong or killed: their fields are null with a named error, the others stand. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { jsonResponse } from '@souk/kit/http/handler';
import { codesOf, post } from '../tests/toy/ask.ts';
import { composeLibrary, createLibrary, handlersOf } from '../tests/toy/library.ts';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';

const BOOKS_AND_RATINGS = '{ books { title ratings { stars } } }';
const UNAVAILABLE = { code: 'SUBGRAPH_UNAVAILABLE', service: 'ratings' };

let ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(ends.map((end) => end()));
  ends = [];
});

/** A router whose "ratings" answers over HTTP as told, or at a URL where nobody is. */
async function withRatings(
  listener: RequestListener | string,
  options: Parameters<typeof startToyRouter>[0] = {},
) {
  const url = typeof listener === 'string' ? listener : await listen(createServer(listener));
  const { ratings: _, ...handlers } = handlersOf(createLibrary());
  const toy = await startToyRouter({
    supergraph: { sdl: composeLibrary({ urls: { ratings: url } }) },
    handlers,
    ...options,
  });
  ends.push(() => toy.router.stop());
  return toy;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

/** The answer of the true subgraph, for two books. */
const RATED = { data: { _entities: [{ ratings: [{ stars: 4 }] }, { ratings: [{ stars: 5 }] }] } };

async function askBooks(toy: ToyRouter) {
  const told = await post(toy.handler, BOOKS_AND_RATINGS);
  expect(told.status).toBe(200);
  return told;
}

const titles = {
  books: [
    { title: 'Engines', ratings: null },
    { title: 'Lamps', ratings: null },
  ],
};

describe('a subgraph over HTTP', () => {
  test('is answered from over connections that are kept', async () => {
    const ports = new Set<number>();
    const toy = await withRatings((request, response) => {
      ports.add(request.socket.remotePort!);
      response.end(JSON.stringify(RATED));
    });
    for (let index = 0; index < 5; index++) expect((await askBooks(toy)).errors).toEqual([]);
    // One may still be closing its books when the next request begins.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  test('gets the credentials of its URL', async () => {
    let authorization: string | undefined;
    const url = await listen(
      createServer((request, response) => {
        ({ authorization } = request.headers);
        response.end(JSON.stringify(RATED));
      }),
    );
    const toy = await withRatings(url.replace('http://', 'http://me:p%40ss@'));
    await askBooks(toy);
    expect(authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  test('that is down blanks its own fields, below the place that its error names', async () => {
    const toy = await withRatings('http://127.0.0.1:1/graphql');
    const told = await askBooks(toy);
    expect(told.data).toEqual(titles);
    expect(told.errors).toEqual([
      {
        message: 'The subgraph "ratings" cannot be reached; try again later',
        path: ['books'],
        extensions: UNAVAILABLE,
      },
    ]);
  });

  test('that loses a connection is asked once more', async () => {
    let count = 0;
    const toy = await withRatings((request, response) => {
      if (++count === 1) request.socket.destroy();
      else response.end(JSON.stringify(RATED));
    });
    expect((await askBooks(toy)).errors).toEqual([]);
    expect(count).toBe(2);
  });

  test('that loses every connection is asked twice, not more', async () => {
    let count = 0;
    const toy = await withRatings((request) => {
      count++;
      request.socket.destroy();
    });
    expect((await askBooks(toy)).errors[0]!.extensions).toEqual(UNAVAILABLE);
    expect(count).toBe(2);
  });

  test('that dies in the middle of its answer blanks its own fields', async () => {
    const toy = await withRatings((_, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('{"data":{"_entities":[');
      setImmediate(() => response.destroy());
    });
    const told = await askBooks(toy);
    expect(told.data).toEqual(titles);
    expect(told.errors[0]!.extensions).toEqual(UNAVAILABLE);
  });

  test('that is too slow is not waited for', async () => {
    const toy = await withRatings(() => {}, { subgraphTimeoutMs: 100 });
    const told = await askBooks(toy);
    expect(told.data).toEqual(titles);
    expect(told.errors).toEqual([
      {
        message: 'The subgraph "ratings" did not answer within 0.1 s',
        path: ['books'],
        extensions: { code: 'SUBGRAPH_TIMEOUT', service: 'ratings' },
      },
    ]);
  });

  test('that drips its answer is not waited for either', async () => {
    const toy = await withRatings(
      (_, response) => {
        const drip = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(drip));
      },
      { subgraphTimeoutMs: 100 },
    );
    expect(codesOf(await askBooks(toy))).toEqual(['SUBGRAPH_TIMEOUT books']);
  });

  test.each([
    ['that it announces', true],
    ['that it does not announce', false],
  ])('with an answer that is too large, %s, is cut off', async (_, announced) => {
    const page = 'x'.repeat(65_536);
    const toy = await withRatings(
      (_request, response) => {
        if (announced) response.setHeader('content-length', 1_000_000_000);
        const write = () => {
          while (!response.destroyed && response.write(page));
          response.once('drain', write);
        };
        write();
      },
      { maxAnswerBytes: 100_000 },
    );
    const told = await askBooks(toy);
    expect(told.data).toEqual(titles);
    expect(told.errors[0]!.message).toBe('The answer of the subgraph "ratings" is too large; ask for less');
  });

  test('that answers with a page of its proxy blanks its own fields', async () => {
    const toy = await withRatings((_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'));
    expect((await askBooks(toy)).data).toEqual(titles);
  });

  test('that leads elsewhere is not followed', async () => {
    const toy = await withRatings((_, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect((await askBooks(toy)).errors[0]!.extensions).toEqual(UNAVAILABLE);
  });

  test('that refuses with a status and GraphQL errors is quoted', async () => {
    const body = { errors: [{ message: 'Call the router', extensions: { code: 'UNSIGNED_REQUEST' } }] };
    const toy = await withRatings((_, response) => response.writeHead(401).end(JSON.stringify(body)));
    expect(codesOf(await askBooks(toy))).toEqual(['UNSIGNED_REQUEST books']);
  });
});

describe('a mutation', () => {
  test('is never sent twice', async () => {
    let count = 0;
    const url = await listen(
      createServer((request) => {
        count++;
        request.socket.destroy();
      }),
    );
    const { people: _, ...handlers } = handlersOf(createLibrary());
    const toy = await startToyRouter({
      supergraph: { sdl: composeLibrary({ urls: { people: url } }) },
      handlers,
    });
    ends.push(() => toy.router.stop());
    const told = await post(toy.handler, 'mutation { personRename(id: "p1", name: "Eve") { name } }');
    expect(told.data).toEqual({ personRename: null });
    expect(told.errors[0]!.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE', service: 'people' });
    expect(count).toBe(1);
  });

  test('runs to its end when its client has left; a query does not', async () => {
    const toy = await startToyRouter({ subgraphTimeoutMs: 1_000 });
    ends.push(() => toy.router.stop());
    const outcomes: Record<string, string> = {};
    toy.library.people.respond = (request) => {
      const { query } = JSON.parse(request.body.toString());
      const kind = query.startsWith('mutation') ? 'mutation' : 'query';
      const began = performance.now();
      return new Promise((resolve) => {
        request.signal!.addEventListener('abort', () => {
          outcomes[kind] = performance.now() - began < 900 ? 'given up at once' : 'waited for';
          resolve(jsonResponse(200, { data: null }));
        });
      });
    };
    const askAndLeave = (query: string) =>
      toy.handler({
        method: 'POST',
        path: '/graphql',
        query: '',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify({ query })),
        signal: AbortSignal.abort(),
      });
    await Promise.all([
      askAndLeave('{ me { name } }'),
      askAndLeave('mutation { personRename(id: "p1", name: "Eve") { id } }'),
    ]);
    expect(outcomes).toEqual({ query: 'given up at once', mutation: 'waited for' });
  });
});

describe('a subgraph in the same process', () => {
  test('that throws blanks its own fields', async () => {
    const toy = await startToyRouter();
    ends.push(() => toy.router.stop());
    toy.library.ratings.respond = () => {
      throw new Error('secret 10.0.0.1');
    };
    const told = await askBooks(toy);
    expect(told.data).toEqual(titles);
    expect(told.text).not.toContain('secret');
  });

  test('that never answers, or answers too much, blanks its own fields', async () => {
    const toy = await startToyRouter({ subgraphTimeoutMs: 50, maxAnswerBytes: 10_000 });
    ends.push(() => toy.router.stop());
    toy.library.ratings.respond = () => new Promise(() => {});
    expect(codesOf(await askBooks(toy))).toEqual(['SUBGRAPH_TIMEOUT books']);
    toy.library.ratings.respond = () =>
      jsonResponse(200, { data: { _entities: [], more: 'x'.repeat(10_000) } });
    expect(codesOf(await askBooks(toy))).toEqual(['SUBGRAPH_UNAVAILABLE books']);
  });
});
