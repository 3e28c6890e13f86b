/** What one connection owns of the engine's single session. */
import type { Setting } from '../channel.ts';
import { NO_SETTINGS, type SettingMap } from './settings.ts';
import { type NameSpace, nameSpace } from './statement-names.ts';

export interface Session {
  readonly id: number;
  startup: SettingMap;
  changed: SettingMap;
  names: NameSpace;
  /** Name spaces that DEALLOCATE ALL gave up; their statements are freed after the transaction. */
  abandoned: NameSpace[];
  generation: number;
  /** The last Parse of the unnamed statement: the engine's own may be another connection's by now. */
  unnamed: Buffer | undefined;
  channels: ReadonlySet<string>;
  /** ParameterStatus values as the client knows them, and the engine's count of changes when it was told. */
  reported: Map<string, string>;
  reportedVersion: number;
}

export function newSession(id: number, settings: readonly Setting[], told: readonly Setting[] = []): Session {
  return {
    id,
    startup: settings.length ? new Map(settings) : NO_SETTINGS,
    changed: NO_SETTINGS,
    names: nameSpace(id, 0),
    abandoned: [],
    generation: 0,
    unnamed: undefined,
    channels: new Set(),
    reported: new Map(told),
    reportedVersion: -1,
  };
}

/** All its prepared statements are gone for the connection from here on. */
export function abandonStatements(session: Session): void {
  if (session.names.known.size) session.abandoned.push(session.names);
  session.generation += 1;
  session.names = nameSpace(session.id, session.generation);
}
