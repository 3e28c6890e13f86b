/** The engine's loop: batches of jobs as they come, chores in between, until it is told to stop. */
import type { Job } from '../channel.ts';
import { createChores } from './chores.ts';
import type { Inbox } from './inbox.ts';
import type { Runner } from './runner.ts';

export function work(inbox: Inbox, runner: Runner): void {
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
  for (const job of jobs) {
    if (!inbox.startJob(job.slot)) continue;
    const result = runner.run(job);
    const finished = result.state !== 'idle' || job === jobs.at(-1);
    inbox.tell({ type: 'result', result, finished });
    if (finished) return;
  }
  // The last ones were withdrawn.
  inbox.tell({ type: 'result', finished: true });
}
