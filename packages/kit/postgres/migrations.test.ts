import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ownName, POSTGRES_URL, withPostgres } from '../tests/stores.ts';
import { type Migration, migratePostgres, readMigrations } from './migrations.ts';
import { openPostgres, type Postgres } from './postgres.ts';

withPostgres('migrations in PostgreSQL', () => {
  let postgres: Postgres;
  let schema = '';
  const made: string[] = [];

  beforeAll(async () => {
    postgres = await openPostgres({ url: POSTGRES_URL!, service: 'kit-tests' });
  });

  beforeEach(() => {
    schema = ownName('migrate');
    made.push(schema);
  });

  afterAll(async () => {
    for (const name of made) await postgres.client.query(`drop schema if exists ${name} cascade`);
    await postgres.close();
  });

  const migrate = (migrations: Migration[]) =>
    migratePostgres({ client: postgres.client, schema, migrations });
  const books = (): Migration => ({
    name: '0001_books',
    sql: `create table ${schema}.books (id text primary key)`,
  });
  const tablesOf = async () => {
    const { rows } = await postgres.client.query(
      `select tablename from pg_tables where schemaname = '${schema}'`,
    );
    return rows.map((row) => row.tablename).sort();
  };

  test('run once each, in order, and say what they did', async () => {
    const loans = {
      name: '0002_loans',
      sql: `create table ${schema}.loans (book text references ${schema}.books);\n--> statement-breakpoint\ninsert into ${schema}.books values ('a');`,
    };
    expect(await migrate([books()])).toEqual(['0001_books']);
    expect(await migrate([books(), loans])).toEqual(['0002_loans']);
    expect(await migrate([books(), loans])).toEqual([]);
    expect(await tablesOf()).toEqual(['books', 'loans', 'souk_migrations']);
  });

  test('run once when five processes start at the same time', async () => {
    const slow = { name: '0002_slow', sql: `select pg_sleep(0.05); create table ${schema}.slow (id int)` };
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => migrate([books(), slow])));
    expect(outcomes.flat().sort()).toEqual(['0001_books', '0002_slow']);
  });

  test('that fail half-way leave nothing of themselves and say where', async () => {
    const broken = {
      name: '0002_broken',
      sql: `create table ${schema}.half (id int);\n\nalter table ${schema}.bokks add column title text;`,
    };
    await expect(migrate([books(), broken])).rejects.toThrow(
      new RegExp(
        `^${schema}: migration 0002_broken failed.*: relation "${schema}.bokks" does not exist. Nothing of it was applied; mend it and start again.$`,
      ),
    );
    expect(await tablesOf()).toEqual(['books', 'souk_migrations']);
    const mended = { ...broken, sql: broken.sql.replace('bokks', 'books') };
    expect(await migrate([books(), mended])).toEqual(['0002_broken']);
  });

  test('tell the line of a fault when PostgreSQL knows it', async () => {
    const broken = { name: '0001_typo', sql: '\n\nselect 1;\ncreate tabel x (id int);' };
    await expect(migrate([broken])).rejects.toThrow('migration 0001_typo failed at line 4: syntax error');
  });

  test('that were changed after they ran are refused', async () => {
    await migrate([books()]);
    await expect(migrate([{ ...books(), sql: `${books().sql} -- edited` }])).rejects.toThrow(
      'migration 0001_books was changed after it had been applied; restore it and write the change as a new one',
    );
  });

  test('with other line ends are the same', async () => {
    const unix = { name: '0001_a', sql: 'select 1;\nselect 2;' };
    await migrate([unix]);
    expect(await migrate([{ ...unix, sql: unix.sql.replace('\n', '\r\n') }])).toEqual([]);
  });

  test('that come late with a lower number are refused', async () => {
    const [one, three] = [books(), { name: '0003_three', sql: 'select 3' }];
    await migrate([one, three]);
    await expect(migrate([one, { name: '0002_two', sql: 'select 2' }, three])).rejects.toThrow(
      'migration 0002_two comes before 0003_three, which is applied already; give it a higher number',
    );
  });

  test('of a newer release are left alone by an older one', async () => {
    await migrate([books(), { name: '0002_newer', sql: 'select 1' }]);
    expect(await migrate([books()])).toEqual([]);
  });

  test.each([
    [[{ name: 'books', sql: '' }], 'must be named like 0001_users'],
    [
      [
        { name: '0002_b', sql: '' },
        { name: '0001_a', sql: '' },
      ],
      'must have a higher number than 0002_b',
    ],
    [
      [
        { name: '0001_a', sql: '' },
        { name: '0001_b', sql: '' },
      ],
      'must have a higher number than 0001_a',
    ],
  ])('%j are refused', async (migrations, message) => {
    await expect(migrate(migrations)).rejects.toThrow(message);
  });

  test('need a plain schema name', async () => {
    schema = 'a"; drop schema public';
    await expect(migrate([])).rejects.toThrow('is no schema name');
  });
});

describe('a folder of migrations', () => {
  test('is read in order, SQL files only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kit-migrations-'));
    for (const file of ['0002_b.sql', '0001_a.sql', 'README.md']) writeFileSync(join(folder, file), file);
    const expected = [
      { name: '0001_a', sql: '0001_a.sql' },
      { name: '0002_b', sql: '0002_b.sql' },
    ];
    expect(readMigrations(folder)).toEqual(expected);
    expect(readMigrations(pathToFileURL(folder))).toEqual(expected);
  });
});
