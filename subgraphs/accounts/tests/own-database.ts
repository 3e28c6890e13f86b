/**
 * A database of its own for tests that start the whole room, which has its schema under its own name. A server that
 * serves one database alone, as the embedded one does, gives that one: then every start needs the same key.
 */
import { ownName, POSTGRES_URL } from '@souk/kit/tests/stores';
import { Client } from 'pg';

export interface OwnDatabase {
  url: string;
  drop(): Promise<void>;
}

/** For databases that several test files share. */
export const SHARED_KEY = Buffer.from('a key for tests, of 32 bytes, yes').toString('base64');

export async function createOwnDatabase(): Promise<OwnDatabase> {
  const name = ownName('rooms');
  const ask = async (sql: string) => {
    const client = new Client({ connectionString: POSTGRES_URL });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  try {
    await ask(`create database "${name}"`);
  } catch {
    return { url: POSTGRES_URL!, drop: async () => {} };
  }
  const url = new URL(POSTGRES_URL!);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => ask(`drop database "${name}" with (force)`) };
}
