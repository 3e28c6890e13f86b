/**
 * `npm run bench:executor`: the executor without sockets, on the answers that the doubles gave to it once: CPU and
 * memory that one request takes from the plan to the answer's bytes, beside JSON.parse and JSON.stringify of the same.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { silentLog } from '@souk/kit/observe/log';
import { getOperationAST, parse } from 'graphql';
import type { SubgraphClient } from '../../router/execute/ask-subgraph.ts';
import { createCompiledExecutor } from '../../router/execute/compiled/executor.ts';
import type { Operation } from '../../router/execute/executor.ts';
import { respondWithAnswer } from '../../router/http/respond.ts';
import { choosePlanner } from '../../router/plan/choose.ts';
import { loadSupergraph } from '../../router/supergraph/load.ts';
import { compose, startDouble } from './measure.ts';
import { SHAPES, type Shape } from './shapes.ts';

const ROUNDS = 15;
const ROUND_MS = 200;
const WARM_UP_MS = 1_500;
/** So few that no memory is taken back in between. */
const WEIGHED = 8;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

type Answers = Map<string, Buffer>;

/** Asks the double what it has not been asked before. */
function cannedClient(url: string, answers: Answers): SubgraphClient {
  return {
    ask: () => Promise.reject(new Error('The executor sends')),
    received: () => {
      throw new Error('No events come here');
    },
    send: async ({ body }) => {
      const key = body.toString('latin1');
      let answer = answers.get(key);
      if (!answer) {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
        answer = Buffer.from(await response.arrayBuffer());
        answers.set(key, answer);
      }
      const unexpected = (): never => {
        throw new Error(`The executor could not read: ${answer}`);
      };
      return { body: answer, finish: () => [], parse: unexpected };
    },
  };
}

async function measureAlone(shape: Shape, urls: Record<string, string>): Promise<string> {
  const supergraph = loadSupergraph(compose(shape, urls));
  const answers: Answers = new Map();
  const clients = Object.entries(urls).map(([name, url]) => [name, cannedClient(url, answers)] as const);
  const executor = createCompiledExecutor({
    supergraph,
    planner: choosePlanner(supergraph, silentLog),
    subgraphs: new Map(clients),
    reference: { execute: () => Promise.reject(new Error('Not compiled')), close: async () => {} },
    planCapacity: 1,
    onFallback: () => {},
    log: silentLog,
  });
  const document = parse(shape.query);
  const caller = { requestId: 'bench', headers: () => ({}), hasLeft: () => false, observe: () => {} };
  const operation: Operation = {
    document,
    definition: getOperationAST(document)!,
    variables: shape.variables,
    caller,
  };
  const request = async (): Promise<Buffer | string> => {
    const { data = null, errors } = await executor.execute(operation);
    return respondWithAnswer(data, errors, 'application/json').body;
  };
  const bytes = Buffer.from(await request());
  const texts = [...answers.values()];
  const parsed: unknown = JSON.parse(bytes.toString());
  const yardstick = async () => {
    for (const text of texts) JSON.parse(text.toString());
    return JSON.stringify(parsed);
  };
  await cpuOf(request, WARM_UP_MS);
  await cpuOf(yardstick, WARM_UP_MS);
  const [own, json]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    own.push(await cpuOf(request, ROUND_MS));
    json.push(await cpuOf(yardstick, ROUND_MS));
  }
  const read = texts.reduce((sum, { length }) => sum + length, 0);
  const cells = [shape.name, kilobytes(read), kilobytes(bytes.length), spread(own), spread(json)];
  return `| ${[...cells, kilobytes(await heapOf(request))].join(' | ')} |`;
}

/** Microseconds of one run, with all threads of the process. */
async function cpuOf(run: () => Promise<unknown>, milliseconds: number): Promise<number> {
  const before = process.cpuUsage();
  const end = performance.now() + milliseconds;
  let runs = 0;
  for (; performance.now() < end; runs++) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

async function heapOf(run: () => Promise<unknown>): Promise<number> {
  collectGarbage();
  // What was optimised away with the garbage is made again.
  for (let runs = 0; runs < WEIGHED; runs++) await run();
  const before = process.memoryUsage().heapUsed;
  for (let runs = 0; runs < WEIGHED; runs++) await run();
  return (process.memoryUsage().heapUsed - before) / WEIGHED;
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}

function spread(figures: number[]): string {
  const sorted = figures.toSorted((a, b) => a - b).map(Math.round);
  return `${sorted[sorted.length >> 1]} (${sorted[0]}–${sorted.at(-1)})`;
}

const HEAD = ['query', 'KB read', 'KB answered', 'CPU µs', 'of JSON.parse and stringify', 'heap KB'];
process.stdout.write(`| ${HEAD.join(' | ')} |\n|${' --- |'.repeat(HEAD.length)}\n`);
const [large] = SHAPES as readonly [Shape, ...Shape[]];
/** As many entities as an answer has places for them, so that hardly any object comes twice. */
const varied: Shape = { ...large, name: 'large, every object another', entities: 5_000 };
const folder = await mkdtemp(join(tmpdir(), 'souk-bench-executor-'));
try {
  for (const shape of [...SHAPES, varied]) {
    const file = join(folder, `${shape.name}.json`);
    await writeFile(file, JSON.stringify(shape));
    const double = await startDouble(file);
    try {
      process.stdout.write(`${await measureAlone(shape, JSON.parse(double.said))}\n`);
    } finally {
      await double.stop();
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
