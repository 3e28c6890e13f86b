/** What commands of operators share: they look at the store of this room, say one thing, and end with a status. */
import { parseArgs } from 'node:util';
import { type PostgresOutbox, postgresOutbox } from '@souk/kit/events/outbox-postgres';
import { type Database, openPostgres } from '@souk/kit/postgres/postgres';
import { knownSettings } from '@souk/kit/room/known-settings';
import { postgresUrl } from '@souk/kit/settings/kinds';
import { parseSettings, SettingsError } from '@souk/kit/settings/settings';
import { type IdMaker, newId } from '@souk/kit/values/ids';
import { createVault, type Vault } from '../domain/vault.ts';
import { readOrMakeKey } from '../key-file.ts';
import { accountsSettings } from '../settings.ts';
import { outbox, SCHEMA } from '../store/tables.ts';

export interface CommandStore {
  db: Database;
  /** Told by a process of the room, which looks into it every second. */
  outbox: Pick<PostgresOutbox, 'insert'>;
  vault: Vault;
  newId: IdMaker;
  now(): Date;
}

export interface Ending {
  /** 0: done, or all is well. 1: what was looked at is not well. 2: it could not be done or found out. */
  status: 0 | 1 | 2;
  text: string;
}

export type Command = (store: CommandStore, args: readonly string[]) => Promise<Ending>;

/** Settings have the names that they have for the room. */
export async function runCommand(
  command: Command,
  env: Record<string, string | undefined>,
  args: readonly string[],
): Promise<Ending> {
  const settings = parseSettings({
    shape: {
      ACCOUNTS_POSTGRES_URL: postgresUrl.optional(),
      POSTGRES_URL: postgresUrl.optional(),
      SOUK_ACCOUNTS_KEY: accountsSettings.SOUK_ACCOUNTS_KEY,
      SOUK_DATA_DIR: accountsSettings.SOUK_DATA_DIR,
    },
    env,
    alsoKnown: knownSettings(),
  });
  const url = settings.ACCOUNTS_POSTGRES_URL ?? settings.POSTGRES_URL;
  if (url === undefined) throw new SettingsError('POSTGRES_URL is not set, but must be');
  const postgres = await openPostgres({ url, service: `${SCHEMA}-command`, maxConnections: 2 });
  try {
    const vault = createVault(settings.SOUK_ACCOUNTS_KEY ?? (await readOrMakeKey(settings.SOUK_DATA_DIR)));
    const { db } = postgres;
    return await command(
      { db, outbox: postgresOutbox(db, outbox), vault, newId, now: () => new Date() },
      args,
    );
  } finally {
    await postgres.close();
  }
}

/** The values of `--flag value`; a flag that is not known, or lacks its value, is an error that says so. */
export function readFlags<Flag extends string>(
  args: readonly string[],
  flags: readonly Flag[],
): Partial<Record<Flag, string>> {
  const options = Object.fromEntries(flags.map((flag) => [flag, { type: 'string' as const }]));
  return parseArgs({ args: [...args], options, strict: true }).values as Partial<Record<Flag, string>>;
}
