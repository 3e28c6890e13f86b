/** Keeps an engine running: when one dies, a new one takes over the data folder, as Postgres recovers after a crash. */
import { removeLeftLock } from './data-folder.ts';
import { type EngineEvents, type EngineThread, startEngine } from './engine-thread.ts';
import { RESTART_AGAIN_AFTER } from './limits.ts';

export interface EngineKeeper {
  /** Why there is no engine, once a restart has failed. */
  failure(): string | undefined;
  /** Ends an engine that does not come back from a statement. */
  replace(reason: string): void;
  stop(inOrder: boolean): Promise<void>;
}

export interface KeeperEvents extends Omit<EngineEvents, 'onDeath'> {
  onEngine(engine: EngineThread): void;
  onDeath(reason: string): void;
}

export async function keepEngine(
  dataDir: string,
  events: KeeperEvents,
  warn: (message: string) => void,
): Promise<EngineKeeper> {
  let current: EngineThread | undefined;
  let failure: string | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  let starting: Promise<void> | undefined;

  const start = async () => {
    removeLeftLock(dataDir);
    const engine = await startEngine(dataDir, { ...events, onDeath });
    if (stopped) return engine.kill();
    current = engine;
    failure = undefined;
    events.onEngine(engine);
  };

  const restart = () => {
    if (stopped) return;
    starting = start().catch((error: Error) => {
      // The disk may be full, for one: it is tried again until it is not, or the operator stops us.
      if (failure !== error.message) warn(`PostgreSQL cannot start again on ${dataDir}: ${error.message}`);
      failure = error.message;
      if (!stopped) retry = setTimeout(restart, RESTART_AGAIN_AFTER);
    });
  };

  const onDeath = (reason: string) => {
    current = undefined;
    warn(`PostgreSQL stopped on ${dataDir} and starts again: ${reason}`);
    events.onDeath(reason);
    restart();
  };

  try {
    await start();
  } catch (error) {
    throw new Error(`PostgreSQL cannot start on ${dataDir}: ${(error as Error).message}`, { cause: error });
  }
  return {
    failure: () => failure,
    replace(reason) {
      const engine = current;
      current = undefined;
      engine?.kill().then(() => onDeath(reason));
    },
    async stop(inOrder) {
      stopped = true;
      clearTimeout(retry);
      // One that is just starting has the folder open until it notices.
      await starting;
      if (inOrder) await current?.stop();
      else await current?.kill();
    },
  };
}
