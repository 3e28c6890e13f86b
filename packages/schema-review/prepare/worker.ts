/** Prepares one side in a thread of its own, so that base and head are composed side by side. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Job, prepare } from './job.ts';
import type { FromWorker } from './run.ts';

const tell = (message: FromWorker) => parentPort!.postMessage(message);

tell({ prepared: prepare(workerData as Job, (planned) => tell({ planned })) });
