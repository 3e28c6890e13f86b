/**
 * The thread that hosts Postgres (PGlite, WASM). It runs one job after the other and has no event loop in between:
 * Postgres answers a short statement in microseconds, and a COPY can wait for its client in the middle of its work.
 */
import { type MessagePort, workerData } from 'node:worker_threads';
import type { Job } from './channel.ts';
import { backendOf } from './engine/backend.ts';
import { bootPostgres, functionIds, installedExtensions } from './engine/boot.ts';
import { cancelOf } from './engine/cancel.ts';
import { createChores } from './engine/chores.ts';
import { extensionLoader } from './engine/extensions.ts';
import { installHooks } from './engine/hooks.ts';
import { type Inbox, inboxOf } from './engine/inbox.ts';
import { memoryOf, type PostgresModule } from './engine/postgres-module.ts';
import { startReports } from './engine/reports.ts';
import { type Runner, runnerOf } from './engine/runner.ts';
import { settingsOf } from './engine/settings.ts';
import { refusedFunctions } from './engine/utility-policy.ts';
import { OWNER } from './wire/login.ts';

export interface EngineInput {
  dataDir: string;
  port: MessagePort;
  numbers: Int32Array;
}

/** How Postgres says why it stops. */
const LAST_WORDS = /^(?:FATAL|PANIC): +(.*)$/;

async function serve({ dataDir, port, numbers }: EngineInput): Promise<void> {
  const inbox = inboxOf(port, numbers);
  let lastWords: string | undefined;
  const hear = (line: string) => {
    lastWords = LAST_WORDS.exec(line)?.[1] ?? lastWords;
  };
  try {
    const engine = await bootPostgres(dataDir, hear);
    const refused = await functionIds(engine, [...refusedFunctions.keys()]);
    const loadExtension = extensionLoader(engine.Module.FS);
    for (const name of await installedExtensions(engine)) loadExtension(name);
    const module = engine.Module as unknown as PostgresModule;
    const memory = memoryOf(module);
    const backend = backendOf(module);
    const settings = settingsOf(module, memory);
    settings.logIn(OWNER);
    const reports = startReports(module, backend);
    const cancel = cancelOf(module, memory, inbox);
    const hooks = installHooks({
      module,
      memory,
      functionIds: refused,
      loadExtension,
      resetSettings: settings.resetChanged,
      checkCancel: cancel.check,
    });
    const runner = runnerOf({ backend, settings, hooks, inbox, reports, cancel });
    inbox.tell({ type: 'ready', parameters: [...reports.values] });
    work(inbox, runner);
    await engine.close();
  } catch (error) {
    // Postgres stopped, or a trap in its code stopped it. Its state is lost; what it had committed is in the files.
    const reason = lastWords ?? (error as Error).message ?? String(error);
    inbox.tell({ type: 'failed', message: reason });
  }
  // Ends this thread only; a Postgres that did not come up can leave something behind that would keep it alive.
  process.exit();
}

function work(inbox: Inbox, runner: Runner): void {
  const chores = createChores(runner.internal);
  for (;;) {
    const message = inbox.wait(chores.dueAfter());
    if (message?.type === 'stop') return;
    if (message?.type === 'run') {
      runBatch(inbox, runner, message.jobs);
      chores.worked();
    } else if (!message && !runner.isHeld()) chores.next();
  }
}

/**
 * A transaction that stays open ends the batch: nobody else's statements may run inside it. Each result is told at once,
 * for the next job may take long.
 */
function runBatch(inbox: Inbox, runner: Runner, jobs: readonly Job[]): void {
  let finished = false;
  for (const job of jobs) {
    if (!inbox.startJob(job.slot)) continue;
    const result = runner.run(job);
    finished = result.state !== 'idle' || job === jobs.at(-1);
    inbox.tell({ type: 'result', result, finished });
    if (finished) return;
  }
  // The last ones were withdrawn.
  inbox.tell({ type: 'result', finished: true });
}

await serve(workerData as EngineInput);
