/** Prepares one side, out of what is kept from before as far as it goes. */
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Composition, SubgraphInput } from '../composition/compose.ts';
import type { Job, OnPlanned, Plans, Prepared } from './job.ts';
import type { Kept } from './kept.ts';

export type FromWorker = { planned: number } | { prepared: Prepared };

export interface RunOptions {
  kept: Kept;
  /** What this review prepares already, by key: sides that are alike are composed once. */
  underWay?: Map<string, Promise<Prepared>>;
  /** The built worker; without it this thread does the work. */
  worker?: URL | undefined;
  onPlanned?: OnPlanned;
}

/** Raise it when what is kept changes its shape. */
const FORMAT = 1;
/** Operations come and go; those that went are not worth keeping for ever. */
const MAX_PLANS = 2000;

export function runPrepare(
  subgraphs: readonly SubgraphInput[],
  operations: readonly string[],
  options: RunOptions,
): Promise<Prepared> {
  const inputs = subgraphs.map(({ name, url, file, sdl }) => ({ name, url, file, sdl }));
  const text = JSON.stringify([FORMAT, inputs]);
  const key = createHash('sha256').update(text).digest('hex').slice(0, 40);
  const alike = options.underWay?.get(key) ?? keptUnder(key, options.kept);
  const prepared = alike.then((known) => complete(key, { subgraphs: inputs, operations }, known, options));
  options.underWay?.set(key, prepared);
  return prepared;
}

async function keptUnder(key: string, kept: Kept): Promise<Partial<Prepared>> {
  const [composition, plans] = await Promise.all([
    kept.read<Composition>(`${key}.composition.json`),
    kept.read<Plans>(`${key}.plans.json`),
  ]);
  return { ...(composition && { composition }), ...(plans && { plans }) };
}

async function complete(
  key: string,
  { subgraphs, operations }: Job,
  { composition, plans: known = {} }: Partial<Prepared>,
  { kept, worker, onPlanned }: RunOptions,
): Promise<Prepared> {
  const missing = operations.filter((operation) => !(operation in known));
  const hasAll = missing.length === 0 || composition?.errors.length !== 0;
  if (composition && hasAll) return { composition, plans: known };

  const job: Job = { subgraphs, operations: missing, ...(composition && { composition }) };
  const prepared = worker ? await inThread(worker, job, onPlanned) : await here(job, onPlanned);
  const plans = { ...known, ...prepared.plans };
  if (!composition) await kept.write(`${key}.composition.json`, prepared.composition);
  const latest = Object.fromEntries(Object.entries(plans).slice(-MAX_PLANS));
  if (missing.length > 0) await kept.write(`${key}.plans.json`, latest);
  return { composition: composition ?? prepared.composition, plans };
}

/** Loaded only when there is work for it: it takes longer to load than a review out of what is kept. */
async function here(job: Job, onPlanned?: OnPlanned): Promise<Prepared> {
  const { prepare } = await import('./job.ts');
  return prepare(job, onPlanned);
}

function inThread(url: URL, job: Job, onPlanned?: OnPlanned): Promise<Prepared> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, { workerData: job });
    worker.on('message', (message: FromWorker) => {
      if ('planned' in message) onPlanned?.(message.planned);
      else resolve(message.prepared);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the worker ended with ${code} before it was done`)));
  });
}
