/** What the router stands up to, as a process over processes: failing subgraphs, too many clients, hostile ones. */
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/log';
import { type Served, serve } from '@souk/kit/serve';
import { Agent } from 'undici';
import { type Running, runPlain, runRouter } from './router-process.ts';
import { composeLibrary, createLibrary } from './toy/library.ts';
import { schemas } from './toy/schemas.ts';
import { until } from './toy/until.ts';

const BOOKS = '{ books { title ratings { stars } } }';
const RATED = {
  books: [
    { title: 'Engines', ratings: [{ stars: 4 }] },
    { title: 'Lamps', ratings: [{ stars: 4 }] },
  ],
};
const UNRATED = {
  books: [
    { title: 'Engines', ratings: null },
    { title: 'Lamps', ratings: null },
  ],
};

let folder: string;
let file: string;
let people: Served;
let books: Served;
let ratings: Running;
let ratingsUrl: string;
let running: Running[] = [];

const started = (one: Running): Running => {
  running.push(one);
  return one;
};

async function startRatings(port = 0): Promise<string> {
  ratings = started(
    runPlain(fileURLToPath(new URL('./toy/faulty-ratings.mjs', import.meta.url)), [String(port)]),
  );
  return ratings.says('/graphql');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-faults-'));
  file = join(folder, 'supergraph.graphql');
  const library = createLibrary();
  people = await serve({ handler: library.people.handler, log: silentLog });
  books = await serve({ handler: library.books.handler, log: silentLog });
});
beforeEach(async () => {
  ratingsUrl = await startRatings();
  await writeSupergraph();
});
afterEach(async () => {
  for (const { process } of running) process.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  running = [];
});
afterAll(async () => {
  await Promise.all([people.stop(), books.stop()]);
  await rm(folder, { recursive: true });
});

async function writeSupergraph(peopleSdl = schemas.people): Promise<void> {
  const urls = { people: `${people.url}/graphql`, books: `${books.url}/graphql`, ratings: ratingsUrl };
  await writeFile(`${file}.new`, composeLibrary({ urls, sdl: { people: peopleSdl } }));
  await rename(`${file}.new`, file);
}

async function startRouter(env: Record<string, string> = {}) {
  const settings = {
    ROUTER_EXPLORER: 'off',
    SOUK_METRICS_PORT: '0',
    ROUTER_RATE_ADDRESS: '0',
    ...env,
  };
  const router = started(runRouter(['--supergraph', file, '--port', '0'], settings));
  const url = await router.says('/graphql');
  await router.says('The router is ready');
  const metricsUrl = (await router.says('Metrics at ')).replace('Metrics at ', '');
  const figures = async () => (await fetch(metricsUrl)).text();
  return { router, url, figures };
}

/** `how` is a behaviour of faulty-ratings.mjs. */
async function behave(how: string): Promise<void> {
  await fetch(new URL(`/behave/${how}`, ratingsUrl), { method: 'PUT' });
}

interface Told {
  status: number;
  headers: Headers;
  data?: unknown;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

async function ask(url: string, query = BOOKS, dispatcher?: Agent): Promise<Told> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(dispatcher ? { dispatcher } : {}),
  } as RequestInit);
  const { data, errors } = (await response.json()) as Told;
  return { status: response.status, headers: response.headers, data, ...(errors ? { errors } : {}) };
}

const codeOf = ({ errors }: Told) => errors?.[0]?.extensions.code;

async function peakMegabytes({ process: { pid } }: Running): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024;
}

describe('a subgraph that fails', () => {
  test('in whatever way blanks its own fields with its name, and is used again when it is well', async () => {
    const { url } = await startRouter({
      ROUTER_SUBGRAPH_TIMEOUTS: 'ratings=300',
      ROUTER_SUBGRAPH_ANSWER_MB: '4',
      ROUTER_BREAKER_PERCENT: '0',
    });
    for (const [how, code, message] of [
      ['silent', 'SUBGRAPH_TIMEOUT', 'did not answer within 0.3 s'],
      ['garbage', 'SUBGRAPH_UNAVAILABLE', 'is not GraphQL'],
      ['half', 'SUBGRAPH_UNAVAILABLE', 'cannot be reached'],
      ['otherwise', 'SUBGRAPH_UNAVAILABLE', 'is not GraphQL'],
      ['huge', 'SUBGRAPH_UNAVAILABLE', 'is too large'],
      ['announced', 'SUBGRAPH_UNAVAILABLE', 'is too large'],
    ]) {
      await behave(how!);
      const told = await ask(url);
      expect({ how, ...told }).toMatchObject({
        how,
        status: 200,
        data: UNRATED,
        errors: [{ message: expect.stringContaining(message!), extensions: { code, service: 'ratings' } }],
      });
      await behave('well');
      expect((await ask(url)).data).toEqual(RATED);
    }
  });

  test('with answers of 500 MB, many at once, takes no more memory than it may', async () => {
    const { router, url } = await startRouter({
      ROUTER_SUBGRAPH_ANSWER_MB: '4',
      ROUTER_BREAKER_PERCENT: '0',
    });
    await ask(url);
    const before = await peakMegabytes(router);
    await behave('huge');
    for (let round = 0; round < 3; round++) {
      const told = await Promise.all(Array.from({ length: 16 }, () => ask(url)));
      expect(new Set(told.map(codeOf))).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']));
    }
    // Sixteen answers of 4 MB, their copies and what is not yet collected of the round before.
    expect((await peakMegabytes(router)) - before).toBeLessThan(250);
  });

  test('is left alone when it was killed, and asked again when it is back', async () => {
    const { url, figures } = await startRouter({ ROUTER_BREAKER_OPEN_MS: '300' });
    expect((await ask(url)).data).toEqual(RATED);
    ratings.process.kill('SIGKILL');
    await ratings.ended;
    const told = await Promise.all(Array.from({ length: 30 }, () => ask(url)));
    for (const one of told) expect(one).toMatchObject({ status: 200, data: UNRATED });
    const next = await ask(url);
    expect(next).toMatchObject({
      data: UNRATED,
      errors: [{ message: expect.stringContaining('left alone') }],
    });
    expect(codeOf(next)).toBe('SUBGRAPH_CIRCUIT_OPEN');
    expect(await figures()).toMatch(/souk_router_circuit_state{subgraph="ratings",service="router"} [12]/);
    expect(await figures()).toMatch(/subgraph="ratings",outcome="circuit open"} [1-9]/);
    // Others are none the worse.
    expect((await ask(url, '{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });

    await startRatings(Number(new URL(ratingsUrl).port));
    await until(async () => (await ask(url)).errors === undefined);
    expect(await figures()).toMatch(/souk_router_circuit_state{subgraph="ratings",service="router"} 0/);
  });
});

describe('more requests than there is room for', () => {
  test('are asked to come back at once; those that run or wait are answered', async () => {
    const { url, figures } = await startRouter({ ROUTER_MAX_RUNNING: '4', ROUTER_MAX_WAITING: '6' });
    await behave('hold');
    const answers: Told[] = [];
    const asked = Array.from({ length: 40 }, () => ask(url).then((told) => answers.push(told)));
    await until(() => answers.length === 30);
    for (const { status, headers, errors } of answers) {
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
      expect(errors![0]!.extensions.code).toBe('SERVICE_UNAVAILABLE');
    }
    expect(await figures()).toMatch(/souk_router_requests{state="waiting",service="router"} 6/);
    await behave('well');
    await Promise.all(asked);
    expect(answers.slice(30).map(({ data }) => data)).toEqual(Array(10).fill(RATED));
  });

  test('are asked to come back when they have waited too long', async () => {
    const { url } = await startRouter({ ROUTER_MAX_RUNNING: '1', ROUTER_MAX_WAIT_MS: '200' });
    await behave('hold');
    const first = ask(url);
    const second = await Promise.race([ask(url), first.then(() => ask(url))]);
    expect(second.status).toBe(503);
    await behave('well');
    expect((await first).data).toEqual(RATED);
  });
});

describe('a client', () => {
  /** What comes back on a connection until it is closed. */
  function talk(url: string, begin: string, drip = ''): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      let told = '';
      const dripping = setInterval(() => drip !== '' && socket.write(drip), 50);
      socket.on('data', (chunk) => {
        told += chunk.toString();
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(dripping);
        resolve(told);
      });
      socket.write(begin);
    });
  }

  test('that dawdles or sends too much is cut off, and in nobody else’s way', async () => {
    const { url } = await startRouter({ ROUTER_REQUEST_TIMEOUT_MS: '500', ROUTER_MAX_BODY_KB: '1' });
    const head = 'POST /graphql HTTP/1.1\r\nhost: a\r\n';
    const slow = [
      talk(url, head),
      talk(url, head, 'x-a: b\r\n'),
      talk(url, `${head}content-type: application/json\r\ncontent-length: 900\r\n\r\n{`, ' '),
    ];
    expect((await ask(url)).data).toEqual(RATED);
    for (const told of await Promise.all(slow)) {
      expect(told).toMatch(/^HTTP\/1.1 408 [\s\S]*did not arrive in time/);
    }
    expect(await talk(url, `${head}x-a: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 [\s\S]*16 KB/,
    );
    expect(await talk(url, 'HELO\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    const large = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `#${'x'.repeat(2_000)}` }),
    });
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('larger than 1 KB')]);
    expect((await ask(url)).data).toEqual(RATED);
  });
});

test('a client that does not read its answer is not waited for', async () => {
  const { url, figures } = await startRouter({ ROUTER_STALL_TIMEOUT_MS: '300', ROUTER_MAX_BATCH: '1000' });
  const query =
    '{ __schema { types { kind name description fields { name args { name } type { kind name ofType { kind name } } } } } }';
  // More than fits into the buffers between the two.
  const batch = JSON.stringify(Array.from({ length: 1_000 }, () => ({ query })));
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  let [read, announced] = [0, 0];
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    if (read === 0) announced = Number(/content-length: (\d+)/.exec(chunk.toString())![1]);
    read += chunk.length;
    if (read === chunk.length) socket.pause();
  });
  const head = 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
  socket.write(`${head}content-length: ${batch.length}\r\n\r\n${batch}`);
  const connections = async () =>
    Number(/nodejs_active_resources{type="TCPSocketWrap"} (\d+)/.exec(await figures())?.[1] ?? 0);
  await until(() => read > 0);
  const before = await connections();
  await until(async () => (await connections()) < before);
  socket.resume();
  await closed;
  expect(read).toBeLessThan(announced);
});

describe('under load', () => {
  /** Asks all the time on kept connections, until told to stop or until the door is closed. */
  function load(url: string, clients: number) {
    const agent = new Agent({ connections: clients, pipelining: 1 });
    const told: { answered: number; wrong: unknown[]; lost: string[] } = { answered: 0, wrong: [], lost: [] };
    let going = true;
    const client = async () => {
      while (going) {
        try {
          const { status, data, errors } = await ask(url, BOOKS, agent);
          if (status === 200 && errors === undefined && JSON.stringify(data) === JSON.stringify(RATED))
            told.answered++;
          else told.wrong.push({ status, data, errors });
        } catch (error) {
          const { cause } = error as { cause?: { code?: string; message?: string } };
          // A port that is closed took no request: the client goes to another replica. Anything else is a loss.
          if (cause?.code !== 'ECONNREFUSED') told.lost.push(`${cause?.code} ${cause?.message}`);
          return;
        }
      }
    };
    const done = Promise.all(Array.from({ length: clients }, client));
    return {
      told,
      done,
      stop: async () => {
        going = false;
        await done;
        await agent.close();
      },
    };
  }

  test('a supergraph that changes again and again loses no request', async () => {
    const { router, url } = await startRouter();
    const { told, stop } = load(url, 8);
    for (let change = 0; change < 5; change++) {
      const enough = told.answered + 40;
      await until(() => told.answered >= enough);
      await writeSupergraph(schemas.people.replace('mood: Mood', `mood: Mood\n    age${change}: Int`));
      await until(() => router.output().split('A new supergraph is served').length === change + 2);
    }
    await stop();
    expect({ wrong: told.wrong, lost: told.lost }).toEqual({ wrong: [], lost: [] });
    expect(told.answered).toBeGreaterThan(200);
  });

  test('a stop loses no request: those that came are answered, the others find the port closed', async () => {
    const { router, url } = await startRouter();
    const { told, done } = load(url, 8);
    await until(() => told.answered > 50);
    router.process.kill('SIGTERM');
    await done;
    expect({ wrong: told.wrong, lost: told.lost }).toEqual({ wrong: [], lost: [] });
    expect(await router.ended).toBe(0);
  });
});
