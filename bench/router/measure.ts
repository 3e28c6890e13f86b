/** Measures one shape on all routers, in turn, several rounds. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { type Process, start } from './process.ts';
import { type Deduplication, ROUTERS } from './routers.ts';
import type { Shape } from './shapes.ts';

export interface Round {
  perSecond: number;
  p50: number;
  p99: number;
  /** Of the router, for one request. */
  cpuMs: number | undefined;
  /** After the round. */
  memoryMb: number | undefined;
}

export interface Measured {
  router: string;
  rounds: Round[];
}

export interface Plan {
  folder: string;
  rounds: number;
  /** Of one round of one router. */
  seconds: number;
  warmUpSeconds: number;
  connections: number;
}

interface Running {
  name: string;
  process: Process;
  measured: Measured;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
const FROM_SOURCES = ['--conditions=souk-src', '--import', 'tsx'];
const ENV = { PATH: process.env.PATH ?? '', NODE_ENV: 'production' };
/** CPU in a tenth of a second. */
const IDLE_MS = 10;
/** Headers beside the answer: within that, every answer had the length that it should have. */
const HEADER_BYTES = { min: 50, max: 1_500 };

export async function measure(
  shape: Shape,
  deduplication: Deduplication,
  plan: Plan,
): Promise<{ measured: Measured[]; bytes: number }> {
  const file = (name: string) => join(plan.folder, `${shape.name.replace(' ', '-')}.${name}`);
  await writeFile(file('json'), JSON.stringify(shape));
  await writeFile(file('body'), JSON.stringify({ query: shape.query, variables: shape.variables }));
  const double = await startDouble(file('json'));
  const running: Running[] = [];
  try {
    await writeFile(file('graphql'), compose(shape, JSON.parse(double.said)));
    for (const { name, start } of ROUTERS) {
      const process = await start(file('graphql'), deduplication);
      running.push({ name, process, measured: { router: name, rounds: [] } });
    }
    const bytes = await checkAnswers(running, file('body'), shape);
    const load = (one: Running, seconds: number) =>
      loadOne(one, file('body'), bytes, seconds, plan.connections);
    for (const one of running) await load(one, plan.warmUpSeconds);
    for (let round = 0; round < plan.rounds; round++) {
      for (const one of running) one.measured.rounds.push(await load(one, plan.seconds));
    }
    await checkAnswers(running, file('body'), shape);
    return { measured: running.map(({ measured }) => measured), bytes };
  } finally {
    await Promise.all([double, ...running.map(({ process }) => process)].map((one) => one.stop()));
  }
}

/** The subgraphs of the shape in the file. */
export function startDouble(file: string): Promise<Process> {
  return start([...FROM_SOURCES, join(HERE, 'double.ts'), file], { cwd: HERE, env: ENV }, /^ready (.+)$/m);
}

export function compose(shape: Shape, urls: Record<string, string>): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(shape.subgraphs).map(([name, sdl]) => ({ name, url: urls[name]!, typeDefs: parse(sdl) })),
  );
  if (errors) throw new Error(`${shape.name}: ${errors.map(({ message }) => message).join('\n')}`);
  return supergraphSdl;
}

/** Errors are answered fast, and would make fine figures. How many bytes the answer has. */
async function checkAnswers(running: readonly Running[], file: string, shape: Shape): Promise<number> {
  const body = await readFile(file, 'utf8');
  const answers = await Promise.all(
    running.map(async ({ process }) => {
      const response = await fetch(process.said, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      return response.text();
    }),
  );
  const [expected] = answers.map((answer) => JSON.parse(answer));
  answers.forEach((answer, at) => {
    const { data, errors } = JSON.parse(answer);
    if (errors || !data || !isDeepStrictEqual(data, expected.data)) {
      throw new Error(`${running[at]!.name} answers the ${shape.name} wrongly: ${answer.slice(0, 500)}`);
    }
  });
  return Buffer.byteLength(JSON.stringify({ data: expected.data }));
}

async function loadOne(
  { name, process }: Running,
  body: string,
  bytes: number,
  seconds: number,
  connections: number,
): Promise<Round> {
  const before = await process.cpuMs();
  const load = await start(
    ['--import', 'tsx', join(HERE, 'load.ts'), process.said, body, String(connections), String(seconds)],
    { cwd: HERE, env: ENV },
    /^(\{.*\})$/m,
  );
  const { failed, answered, bytesEach, perSecond, p50, p99 } = JSON.parse(load.said);
  const after = await process.cpuMs();
  const memoryMb = await process.memoryMb();
  await load.stop();
  await untilIdle(process);
  if (failed > 0) throw new Error(`${name}: ${failed} requests failed`);
  const headers = bytesEach - bytes;
  // Those under way at the end are counted in bytes alone.
  const slack = (bytes * connections) / Math.max(1, answered);
  if (answered > 0 && (headers < HEADER_BYTES.min - slack || headers > HEADER_BYTES.max + slack)) {
    const each = Math.round(bytesEach);
    throw new Error(`${name}: answers of ${each} bytes under load, where ${bytes} were expected`);
  }
  // At the end each connection has a request under way, half done on average.
  const asked = answered + connections / 2;
  const cpuMs = before === undefined || after === undefined ? undefined : (after - before) / asked;
  return { perSecond, p50, p99, cpuMs, memoryMb };
}

/** A slow router still works off what it was asked, which would slow down the next one. */
async function untilIdle(process: Process): Promise<void> {
  for (let looks = 0; looks < 50; looks++) {
    const before = await process.cpuMs();
    await sleep(100);
    const after = await process.cpuMs();
    if (before === undefined || after === undefined || after - before <= IDLE_MS) return;
  }
}
