/** Starts the three servers side by side on one data folder, each on a thread of its own. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lockFolder } from './files/lock.ts';
import type { ServerKind, ThreadInput, ThreadMessage } from './thread.ts';

export interface EmbeddedOptions {
  /** Made when missing; one process at a time may use it. */
  dataDir: string;
  /** 0 or nothing: any free port. */
  ports?: Partial<Record<ServerKind, number>>;
  /** Which of the three to start; all of them when not said. */
  only?: readonly ServerKind[];
  warn?: (message: string) => void;
  /** A server died while running: nothing it acknowledged is lost, but it answers no more. */
  onCrash?: (message: string) => void;
}

export interface Embedded {
  urls: Record<ServerKind, string>;
  /** Lets running work end, writes everything out and frees the folder. */
  stop(): Promise<void>;
}

export const SERVER_KINDS = ['postgres', 'mongodb', 'redis'] as const satisfies readonly ServerKind[];

const threadFile = () => createRequire(import.meta.url).resolve('@souk/embedded/thread');

export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const unlock = lockFolder(options.dataDir);
  const kinds = options.only ?? SERVER_KINDS;
  const outcomes = await Promise.allSettled(kinds.map((kind) => startThread(kind, options)));
  const running = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const stop = async () => {
    const stops = await Promise.allSettled(running.map((thread) => thread.stop()));
    unlock();
    throwFirst(stops);
  };
  const faults = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason.message] : [],
  );
  if (faults.length > 0) {
    // What kept a server from starting is to be told; a fault on the way out would only hide it.
    await stop().catch(() => {});
    throw new Error(faults.join('\n'));
  }
  const urls = Object.fromEntries(running.map(({ kind, url }) => [kind, url])) as Embedded['urls'];
  return { urls, stop };
}

interface RunningThread {
  kind: ServerKind;
  url: string;
  stop(): Promise<void>;
}

function startThread(kind: ServerKind, options: EmbeddedOptions): Promise<RunningThread> {
  const { dataDir, ports = {}, warn = () => {}, onCrash = () => {} } = options;
  const dir = join(dataDir, kind);
  const input: ThreadInput = { kind, dir, port: ports[kind] ?? 0 };
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadFile(), { workerData: input, name: `souk-${kind}` });
    let isReady = false;
    let stopping: { resolve(): void; reject(error: Error): void } | undefined;
    let fault: Error | undefined;
    const stop = () =>
      new Promise<void>((stopped, failed) => {
        stopping = { resolve: stopped, reject: failed };
        worker.postMessage('stop');
      });
    worker.on('message', (message: ThreadMessage) => {
      if (message.type === 'ready') {
        isReady = true;
        resolve({ kind, url: message.url, stop });
      } else if (message.type === 'warning') warn(message.message);
      else if (message.type === 'failed') fault = new Error(message.message);
    });
    worker.on('error', (error) => {
      fault = error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', () => {
      const unexpected = fault ?? new Error(`the ${kind} thread ended by itself`);
      if (!isReady) reject(unexpected);
      else if (!stopping) onCrash(unexpected.message);
      else if (fault) stopping.reject(fault);
      else stopping.resolve();
    });
  });
}

function throwFirst(outcomes: readonly PromiseSettledResult<void>[]): void {
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}
