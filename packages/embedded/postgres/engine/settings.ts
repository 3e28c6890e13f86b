/**
 * Settings (GUCs) of a connection. The engine has one set of them, so when it passes from one connection to another the
 * first one's are taken back and the second one's applied. What a connection has set is read from Postgres' own list of
 * settings that differ from their default: exact, whatever statement or function did it.
 */
import type { Setting } from '../channel.ts';
import { LEVEL, type Memory, type Pointer, type PostgresModule } from './postgres-module.ts';

export type SettingMap = ReadonlyMap<string, string>;

export interface SessionSettings {
  /** From the start-up packet: RESET goes back to these. */
  startup: SettingMap;
  /** By SET or set_config() since. */
  changed: SettingMap;
}

export const NO_SETTINGS: SettingMap = new Map();

/** Where the fields lie in Postgres 18's struct config_generic; checked at the engine's start. */
const NAME = 0;
const SOURCE = 32;
const NONDEFAULT_LINK = 64;
const NEXT = 4;

/** Values of enum GucSource and enum GucContext. */
const SOURCE_CLIENT = 9;
const SOURCE_SESSION = 13;
const CONTEXT_BACKEND = 3;
const CONTEXT_SUPERUSER = 5;

/** Who one is decides what one may set: these go first when taken back and last when applied. */
const IDENTITY = ['role', 'session_authorization'];

export interface Settings {
  /** What the current connection has set and not reset. */
  changed(): SettingMap;
  read(name: string): string | undefined;
  /**
   * To be called between transactions. A value that Postgres refuses, or a role that is gone, is an ERROR of Postgres:
   * it leaves through the exception of its error handling, with half of the settings passed.
   */
  pass(from: SessionSettings, to: SessionSettings): void;
  /** For DISCARD ALL, inside its transaction. */
  resetChanged(): void;
  /** In single-user mode nobody has logged in, so there would be nobody to go back to. */
  logIn(user: string): void;
}

export function settingsOf(module: PostgresModule, memory: Memory): Settings {
  const option = (name: string): Pointer =>
    memory.withTexts([name], (text = 0) => module._find_option(text, 0, 1, LEVEL.warning));
  const nameOf = (setting: Pointer) => memory.text(memory.word(setting + NAME));
  const anchor = option('shared_buffers');
  if (nameOf(anchor) !== 'shared_buffers')
    throw new Error('PGlite does not lay out its settings as expected');

  /** The list is a ring; one link of it, its head, is no setting. */
  const head = findHead(anchor);
  function findHead(start: Pointer): Pointer {
    for (let link = following(start + NONDEFAULT_LINK); ; link = following(link)) {
      if (link === start + NONDEFAULT_LINK) throw new Error('PGlite does not list its settings as expected');
      const setting = link - NONDEFAULT_LINK;
      if (option(nameOf(setting)) !== setting) return link;
    }
  }
  function following(link: Pointer): Pointer {
    return memory.word(link + NEXT);
  }

  const read = (name: string): string | undefined =>
    memory.withTexts([name], (text = 0) => {
      const value = module._GetConfigOption(text, 1, 0);
      return value ? memory.text(value) : undefined;
    });

  const changed = (): SettingMap => {
    let found: Map<string, string> | undefined;
    for (let link = following(head); link !== head; link = following(link)) {
      const setting = link - NONDEFAULT_LINK;
      if (memory.word(setting + SOURCE) !== SOURCE_SESSION) continue;
      const name = nameOf(setting);
      found ??= new Map();
      found.set(name, read(name) ?? '');
    }
    return found ?? NO_SETTINGS;
  };

  const set = (name: string, value: string | undefined, source: number): void => {
    const context = source === SOURCE_CLIENT ? CONTEXT_BACKEND : CONTEXT_SUPERUSER;
    memory.withTexts([name, value], (nameText = 0, valueText = 0) => {
      module._set_config_option(nameText, valueText, context, source, 0, 1, LEVEL.error, 0);
    });
  };

  /** What a setting was before any connection's start-up packet changed it; none for those that never could be. */
  const original = new Map<string, string>();
  const setStartup = ([name, value]: Setting): void => {
    const before = read(name) ?? '';
    set(name, value, SOURCE_CLIENT);
    if (!original.has(name)) original.set(name, before);
  };

  const pass = (from: SessionSettings, to: SessionSettings): void => {
    if (sameMap(from.startup, to.startup) && sameMap(from.changed, to.changed)) return;
    module._StartTransactionCommand();
    for (const [name] of identityFirst(from.changed)) set(name, undefined, SOURCE_SESSION);
    for (const [name] of identityFirst(from.startup)) {
      const before = original.get(name);
      if (!to.startup.has(name) && before !== undefined) set(name, before, SOURCE_CLIENT);
    }
    for (const setting of identityFirst(to.startup).reverse()) setStartup(setting);
    for (const [name, value] of identityFirst(to.changed).reverse()) set(name, value, SOURCE_SESSION);
    module._CommitTransactionCommand();
  };

  const resetChanged = () => {
    for (const [name] of identityFirst(changed())) set(name, undefined, SOURCE_SESSION);
  };

  const logIn = (user: string) => {
    module._StartTransactionCommand();
    set('session_authorization', user, SOURCE_CLIENT);
    module._CommitTransactionCommand();
  };

  return { changed, read, pass, resetChanged, logIn };
}

function identityFirst(settings: SettingMap): Setting[] {
  const rank = (name: string) => (IDENTITY.includes(name) ? IDENTITY.indexOf(name) : IDENTITY.length);
  return [...settings].sort(([a], [b]) => rank(a) - rank(b));
}

export function sameMap(a: SettingMap, b: SettingMap): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [name, value] of a) if (b.get(name) !== value) return false;
  return true;
}
