/** A process from start to end: one message and status 1 when it cannot start, a graceful stop when it is told to. */

import { SettingsError } from '../settings/settings.ts';
import { type Orphan, stopWithShell } from './npm-shell.ts';

export interface Stoppable {
  stop(): Promise<void>;
}

/** What of Node's `process` this needs; a test hands in its own. */
export interface ProcessEdge extends Orphan {
  on(event: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
  stderr: { write(text: string): unknown };
}

/** A stop that takes longer than this is ended. */
const STOP_WITHIN_MS = 25_000;

export async function runProcess(
  edge: ProcessEdge,
  name: string,
  start: () => Promise<Stoppable>,
): Promise<void> {
  let running: Stoppable | undefined;
  let stopping = false;
  const stop = async () => {
    // Nothing is under way yet; or whoever asks a second time is in a hurry.
    if (!running || stopping) return edge.exit(1);
    stopping = true;
    setTimeout(() => edge.exit(1), STOP_WITHIN_MS).unref();
    try {
      await running.stop();
      edge.exit(0);
    } catch (error) {
      edge.stderr.write(`${name} stopped, but: ${(error as Error).message}\n`);
      edge.exit(1);
    }
  };
  // Before the start, so that no signal meets a process that has said it is ready and does not listen.
  edge.on('SIGTERM', stop);
  edge.on('SIGINT', stop);
  stopWithShell(edge);
  try {
    running = await start();
  } catch (error) {
    edge.stderr.write(`${startFault(name, error)}\n`);
    edge.exit(1);
  }
}

function startFault(name: string, error: unknown): string {
  if (error instanceof SettingsError) {
    return `${name} could not start; these settings are wrong:\n  ${error.message.replaceAll('\n', '\n  ')}`;
  }
  return `${name} could not start: ${error instanceof Error ? error.message : String(error)}`;
}
