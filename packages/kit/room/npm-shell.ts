/**
 * npm runs a script in a shell, and hands signals to that shell, which dies of them without a word to its child. The
 * child would go on, hold the port and the data folder, and belong to nobody.
 */

/** What of Node's `process` this needs. */
export interface Orphan {
  env: Record<string, string | undefined>;
  pid: number;
  /** Another one as soon as the parent has died; on Windows it stays. */
  ppid: number;
  kill(pid: number, signal: 'SIGTERM'): unknown;
}

const LOOK_EVERY_MS = 250;

/** Under npm, a dead shell counts as the signal that killed it. */
export function stopWithShell(edge: Orphan): void {
  if (edge.env.npm_lifecycle_event === undefined) return;
  const { ppid } = edge;
  const look = setInterval(() => {
    if (edge.ppid === ppid) return;
    clearInterval(look);
    edge.kill(edge.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  look.unref();
}
