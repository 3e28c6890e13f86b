/** The wire server's side of the channel to the engine's thread. */
import { createRequire } from 'node:module';
import { MessageChannel, Worker } from 'node:worker_threads';
import {
  type FromEngine,
  type Job,
  type JobResult,
  type Setting,
  SLOT,
  sharedNumbers,
  stateAt,
  type ToEngine,
  unsentAt,
  WAKE,
} from './channel.ts';
import { BATCH } from './limits.ts';

export interface EngineEvents {
  /** A part of a result. Postgres goes on once enough of what it has written has been sent. */
  onOutput(session: number, bytes: Uint8Array, onSent: () => void): void;
  onNeedsInput(session: number): void;
  onResult(result: JobResult | undefined, finished: boolean): void;
  /** It was ready, runs no more, and was not asked to stop. */
  onDeath(reason: string): void;
}

export interface EngineThread {
  /** Settings that clients are told of, as they are when no connection has changed any. */
  parameters: readonly Setting[];
  /** The slot of each is its place among them. */
  run(jobs: Job[]): void;
  feed(bytes: Uint8Array): void;
  /** False: the job runs already. */
  withdraw(slot: number): boolean;
  cancel(slot: number): void;
  /** Closes Postgres in order. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Megabytes of native stack, of which only what is used takes memory: room for deeper nesting than anybody sends. */
const STACK_MB = 256;

const engineFile = () => createRequire(import.meta.url).resolve('@souk/embedded/postgres-engine');

export function startEngine(dataDir: string, events: EngineEvents): Promise<EngineThread> {
  const numbers = sharedNumbers(BATCH);
  const { port1: port, port2 } = new MessageChannel();
  const worker = new Worker(engineFile(), {
    workerData: { dataDir, port: port2, numbers },
    transferList: [port2],
    name: 'souk-postgres-engine',
    resourceLimits: { stackSizeMb: STACK_MB },
  });
  /** The batch in the engine, each at its slot. */
  let jobs: readonly Job[] = [];
  let isReady = false;
  let stopping = false;
  let failure: string | undefined;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  const post = (message: ToEngine, transfer: ArrayBuffer[] = []) => {
    port.postMessage(message, transfer);
    Atomics.add(numbers, WAKE, 1);
    Atomics.notify(numbers, WAKE);
  };
  const exchange = (slot: number, from: number, to: number) =>
    Atomics.compareExchange(numbers, stateAt(slot), from, to) === from;

  /** Output may outlive its job: by then the slot's number counts for another one. */
  const sent = (job: Job | undefined, bytes: number) => {
    if (!job || jobs[job.slot] !== job) return;
    Atomics.sub(numbers, unsentAt(job.slot), bytes);
    Atomics.notify(numbers, unsentAt(job.slot));
  };

  const thread = (parameters: readonly Setting[]): EngineThread => ({
    parameters,
    run(batch) {
      jobs = batch;
      for (const { slot } of batch) {
        Atomics.store(numbers, unsentAt(slot), 0);
        Atomics.store(numbers, stateAt(slot), SLOT.queued);
      }
      post(
        { type: 'run', jobs: batch },
        batch.flatMap(({ task }) => (task.kind === 'messages' ? [ownMemory(task.bytes)] : [])),
      );
    },
    feed: (bytes) => post({ type: 'input', bytes }, [ownMemory(bytes)]),
    withdraw: (slot) => exchange(slot, SLOT.queued, SLOT.withdrawn),
    cancel(slot) {
      exchange(slot, SLOT.started, SLOT.cancelled);
      Atomics.notify(numbers, unsentAt(slot));
    },
    async stop() {
      stopping = true;
      post({ type: 'stop' });
      await exited;
      if (failure) throw new Error(failure);
    },
    async kill() {
      stopping = true;
      await worker.terminate();
    },
  });

  return new Promise((resolve, reject) => {
    const handle: { [Type in FromEngine['type']]: (message: Extract<FromEngine, { type: Type }>) => void } = {
      ready: ({ parameters }) => {
        isReady = true;
        resolve(thread(parameters));
      },
      output({ session, slot, bytes }) {
        const job = jobs[slot];
        events.onOutput(session, bytes, () => sent(job, bytes.length));
      },
      'needs-input': ({ session }) => events.onNeedsInput(session),
      result: ({ result, finished }) => events.onResult(result, finished),
      failed: ({ message }) => {
        failure = message;
      },
    };
    port.on('message', (message: FromEngine) => handle[message.type](message as never));
    worker.on('error', (error: Error) => {
      failure ??= error.message;
    });
    worker.on('exit', () => {
      port.close();
      const reason = failure ?? 'its thread ended by itself';
      if (!isReady) reject(new Error(reason));
      else if (!stopping) events.onDeath(reason);
    });
  });
}

/** Handed over, not copied: whoever made these bytes made them for this. */
const ownMemory = (bytes: Uint8Array): ArrayBuffer => bytes.buffer as ArrayBuffer;
