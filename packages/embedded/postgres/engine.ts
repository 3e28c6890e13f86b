/**
 * The thread that hosts Postgres (PGlite, WASM). It runs one job after the other and has no event loop in between:
 * Postgres answers a short statement in microseconds, and a COPY can wait for its client in the middle of its work.
 */
import { type MessagePort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { assembleEngine } from './engine/assemble.ts';
import { bootOptions } from './engine/boot.ts';
import { inboxOf } from './engine/inbox.ts';
import { work } from './engine/work.ts';

export interface EngineInput {
  dataDir: string;
  port: MessagePort;
  numbers: Int32Array;
}

/** How Postgres says why it stops. */
const LAST_WORDS = /^(?:FATAL|PANIC): +(.*)$/;

const { dataDir, port, numbers } = workerData as EngineInput;
const inbox = inboxOf(port, numbers);
let lastWords: string | undefined;
const hear = (line: string) => {
  lastWords = LAST_WORDS.exec(line)?.[1] ?? lastWords;
};

try {
  const postgres = await PGlite.create(bootOptions(dataDir, hear));
  const { runner, parameters } = await assembleEngine(postgres, inbox);
  inbox.tell({ type: 'ready', parameters });
  work(inbox, runner);
  await postgres.close();
} catch (error) {
  // Postgres stopped, or a trap in its code stopped it. Its state is lost; what it had committed is in the files.
  inbox.tell({ type: 'failed', message: lastWords ?? (error as Error).message ?? String(error) });
}
// Ends this thread only; a Postgres that did not come up can leave something behind that would keep it alive.
process.exit();
