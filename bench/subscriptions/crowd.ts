/** Clients in processes of their own, led as one. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Order, Report } from './load.ts';
import { sum } from './tally.ts';

export interface Crowd {
  /** Lateness counts from here on. */
  window(from: number): void;
  report(from: number, to: number): Promise<Report>;
  stop(): void;
}

export interface CrowdOptions {
  url: string;
  clients: number;
  /** Whether they come back with their cursors when they are cut off. */
  resume: boolean;
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const CLIENTS_PER_PROCESS = 5_000;
const SUBSCRIBED_WITHIN_MS = 120_000;

/** All have asked when this has answered; whether they hear anything, their report tells. */
export async function gather({ url, clients, resume }: CrowdOptions): Promise<Crowd> {
  const query = readFileSync(path('operation.graphql'), 'utf8');
  const processes = Math.max(2, Math.ceil(clients / CLIENTS_PER_PROCESS));
  const loads = Array.from({ length: processes }, () =>
    fork(path('load.ts'), { execArgv: ['--conditions=souk-src', '--import', 'tsx'] }),
  );
  const ask = async <Answer>(load: ChildProcess, order: Order): Promise<Answer> => {
    const answered = once(load, 'message', { signal: AbortSignal.timeout(SUBSCRIBED_WITHIN_MS) });
    load.send(order);
    return (await answered)[0] as Answer;
  };
  const stop = () => {
    for (const load of loads) load.kill('SIGKILL');
  };
  try {
    const share = (at: number) =>
      Math.floor(((at + 1) * clients) / processes) - Math.floor((at * clients) / processes);
    await Promise.all(
      loads.map((load, at) => ask(load, { kind: 'connect', url, clients: share(at), query, resume })),
    );
  } catch (error) {
    stop();
    throw new Error(`${clients} clients could not subscribe in ${SUBSCRIBED_WITHIN_MS / 1_000} s`, {
      cause: error,
    });
  }
  return {
    window: (from) => {
      for (const load of loads) load.send({ kind: 'window', from } satisfies Order);
    },
    report: async (from, to) => {
      const reports = await Promise.all(loads.map((load) => ask<Report>(load, { kind: 'count', from, to })));
      const total = (figure: 'hearing' | 'failed' | 'resumed') =>
        reports.reduce((so, one) => so + one[figure], 0);
      return {
        ...sum(reports),
        hearing: total('hearing'),
        failed: total('failed'),
        resumed: total('resumed'),
        faults: reports.flatMap(({ faults }) => faults),
      };
    },
    stop,
  };
}
