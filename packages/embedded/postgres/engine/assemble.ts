/** Puts the engine's parts together around a Postgres that has just started. */
import type { PGlite } from '@electric-sql/pglite';
import type { Setting } from '../channel.ts';
import { OWNER } from '../wire/login.ts';
import { backendOf } from './backend.ts';
import { functionIds, installedExtensions } from './boot.ts';
import { cancelOf } from './cancel.ts';
import { extensionLoader } from './extensions.ts';
import { installHooks } from './hooks.ts';
import type { Inbox } from './inbox.ts';
import { memoryOf, type PostgresModule } from './postgres-module.ts';
import { startReports } from './reports.ts';
import { type Runner, runnerOf } from './runner.ts';
import { settingsOf } from './settings.ts';
import { refusedFunctions } from './utility-policy.ts';

export interface Engine {
  runner: Runner;
  /** What clients are told of, while no connection has changed anything. */
  parameters: readonly Setting[];
}

export async function assembleEngine(postgres: PGlite, inbox: Inbox): Promise<Engine> {
  const refused = await functionIds(postgres, [...refusedFunctions.keys()]);
  const loadExtension = extensionLoader(postgres.Module.FS);
  for (const name of await installedExtensions(postgres)) loadExtension(name);
  const module = postgres.Module as unknown as PostgresModule;
  const memory = memoryOf(module);
  // From here on it is our own callbacks that Postgres reads from and writes to.
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
  return { runner, parameters: [...reports.values] };
}
