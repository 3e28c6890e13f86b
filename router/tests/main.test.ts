/** The router as a process: start and stop, what it tells, and starts that cannot be. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Served, serve } from '@souk/kit/http/serve';
import { silentLog } from '@souk/kit/observe/log';
import { WebSocket } from 'ws';
import { BOOKS, RATED } from './library-processes.ts';
import { type Running, runRouter } from './router-process.ts';
import { composeLibrary, createLibrary } from './toy/library.ts';
import { until } from './toy/until.ts';

let folder: string;
let file: string;
let people: Served;
let books: Served;
let running: Running[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-router-'));
  file = join(folder, 'supergraph.graphql');
  const library = createLibrary();
  people = await serve({ handler: library.people.handler, log: silentLog });
  books = await serve({ handler: library.books.handler, log: silentLog });
});
afterEach(async () => {
  for (const { process } of running) process.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  running = [];
});
afterAll(async () => {
  await people.stop();
  await books.stop();
  await rm(folder, { recursive: true });
});

const started = (one: Running): Running => {
  running.push(one);
  return one;
};

async function writeSupergraph(ratings: string): Promise<void> {
  const urls = { people: `${people.url}/graphql`, books: `${books.url}/graphql`, ratings };
  await writeFile(file, composeLibrary({ urls }));
}

async function startRouter(env: Record<string, string> = {}): Promise<{ router: Running; url: string }> {
  const router = started(runRouter(['--supergraph', file, '--port', '0'], env));
  const url = await router.says('/graphql');
  await router.says('The router is ready');
  return { router, url };
}

async function ask(url: string, query: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as {
    data: Record<string, unknown> | null;
    errors?: { extensions: unknown }[];
  };
}

/** A subgraph whose requests are answered by the test. */
async function holdingSubgraph(): Promise<{ url: string; asked: ServerResponse[]; server: Server }> {
  const asked: ServerResponse[] = [];
  const server = createServer((_, response) => asked.push(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, asked, server };
}

test('a stop lets what runs end, then sends who is on a socket elsewhere, and is at its end with status 0', async () => {
  const held = await holdingSubgraph();
  await writeSupergraph(held.url);
  const { router, url } = await startRouter();
  const ws = new WebSocket(url.replace('http:', 'ws:'), 'graphql-transport-ws');
  const heard: { type: string; payload?: unknown }[] = [];
  ws.on('message', (data) => {
    const said = JSON.parse(data.toString());
    heard.push(said);
    if (said.type !== 'connection_ack') return;
    ws.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: BOOKS } }));
  });
  ws.on('open', () => ws.send('{"type":"connection_init"}'));
  const closed = new Promise((resolve) => ws.on('close', resolve));
  const answer = ask(url, BOOKS);
  await until(() => held.asked.length === 2);
  router.process.kill('SIGTERM');
  // Nobody new gets in: the port is closed while both still run.
  await expect(refused(url)).resolves.toBe(true);
  const ratings = { ratings: [{ stars: 4 }] };
  for (const response of held.asked) {
    response.end(JSON.stringify({ data: { _entities: [ratings, ratings] } }));
  }
  expect(await answer).toEqual({ data: RATED });
  expect(await closed).toBe(1012);
  expect(heard.slice(1)).toEqual([
    { id: '1', type: 'next', payload: { data: RATED } },
    { id: '1', type: 'complete' },
  ]);
  expect(await router.ended).toBe(0);
  held.server.close();
});

async function refused(url: string): Promise<boolean> {
  for (;;) {
    try {
      await fetch(url.replace('/graphql', '/health/live'));
    } catch {
      // Refused, as it should be.
      return true;
    }
  }
}

test('health and metrics are told, metrics on a port of their own', async () => {
  await writeSupergraph('http://127.0.0.1:1/graphql');
  const { router, url } = await startRouter({ SOUK_METRICS_PORT: '0' });
  const base = url.replace('/graphql', '');
  expect((await fetch(`${base}/health/live`)).status).toBe(200);
  expect((await fetch(`${base}/health/ready`)).status).toBe(200);
  expect((await fetch(`${base}/metrics`)).status).toBe(404);
  await ask(url, 'query Me { me { name } }');
  const metricsUrl = (await router.says('Metrics at ')).replace('Metrics at ', '');
  const metrics = await (await fetch(metricsUrl)).text();
  expect(metrics).toContain('operation="Me",kind="query",status="200"} 1');
  expect(metrics).toContain('process_cpu_seconds_total');
  expect(router.output()).toMatch(/warning: \d+ of its types and fields ask for a sign-in/);
});

describe('a start that cannot be', () => {
  const ends = async (args: string[], env?: Record<string, string>) => {
    const router = started(runRouter(args, env));
    expect(await router.ended).toBe(1);
    return router.output();
  };

  test('is told in one message, with every fault in it', async () => {
    expect(await ends(['--prot', '1'], { ROUTER_MAX_DEPTH: 'deep', ROUTER_X: '1' })).toBe(
      'The router could not start; these settings are wrong:\n' +
        "  Unknown option '--prot' (known flags: --supergraph, --port, --host)\n" +
        '  ROUTER_X is not a setting; run with --help to see those there are\n' +
        '  ROUTER_SUPERGRAPH is not set, but must be\n' +
        '  ROUTER_MAX_DEPTH must be a whole number from 1 to 1000\n',
    );
  });

  test('for the port is told in one sentence', async () => {
    await writeSupergraph('http://127.0.0.1:1/graphql');
    const output = await ends(['--supergraph', file, '--port', String(people.port)], {
      ROUTER_EXPLORER: 'off',
    });
    expect(output).toBe(
      `The router could not start: port ${people.port} on 127.0.0.1 is taken by another process; choose another one, or 0 for any free port\n`,
    );
  });

  test('for the supergraph is told with its file, or its fault', async () => {
    expect(await ends(['--supergraph', join(folder, 'none.graphql')])).toContain(
      'none.graphql cannot be read',
    );
    await writeFile(file, 'type Query { a: Int }');
    expect(await ends(['--supergraph', file])).toContain('The supergraph is not valid');
  });
});

test('--help tells the flags and the settings', async () => {
  const router = started(runRouter(['--help']));
  expect(await router.ended).toBe(0);
  expect(router.output()).toContain('--supergraph FILE');
});
