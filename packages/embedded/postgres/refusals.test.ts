/** What would reach from one connection to another is refused, in the server's own way, and leaves nothing behind. */
import { describe, expect, test } from '@jest/globals';
import { errorIn, rowsIn, say } from './tests/raw-client.ts';
import { withServer } from './tests/with-server.ts';

const server = withServer();

const refused: [what: string, sql: string][] = [
  ['a temporary table', 'CREATE TEMP TABLE leak (i int)'],
  ['a temporary table that keeps its rows', 'CREATE TEMPORARY TABLE leak (i int) ON COMMIT PRESERVE ROWS'],
  ['a temporary table that empties itself', 'CREATE TEMP TABLE leak (i int) ON COMMIT DELETE ROWS'],
  ['a table in the temporary schema', 'CREATE TABLE pg_temp.leak (i int)'],
  ['a temporary table from a query', 'CREATE /* TABLE */ TEMP TABLE leak AS SELECT 1'],
  ['SELECT INTO a temporary table', 'SELECT 1 AS i INTO TEMP leak'],
  ['a temporary table made inside a block', `DO $$ BEGIN EXECUTE 'create temp table leak (i int)'; END $$`],
  ['a temporary view', 'CREATE TEMP VIEW leak AS SELECT 1'],
  ['a temporary sequence', 'CREATE TEMP SEQUENCE leak'],
  ['a temporary function', 'CREATE FUNCTION pg_temp.leak() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'],
  ['a session advisory lock', 'SELECT pg_advisory_lock(1)'],
  ['a session advisory lock, tried', 'SELECT pg_try_advisory_lock(1, 2)'],
  ['a session advisory lock inside a function', 'DO $$ BEGIN PERFORM pg_advisory_lock(1); END $$'],
  ['its release', 'SELECT pg_advisory_unlock(1)'],
  ['a cursor WITH HOLD', 'DECLARE leak CURSOR WITH HOLD FOR SELECT 1'],
  ['COPY from a file', "COPY pg_class FROM '/etc/passwd'"],
  ['COPY to a program', "COPY (SELECT 1) TO PROGRAM 'cat'"],
  ['CREATE DATABASE', 'CREATE DATABASE another'],
  ['DROP DATABASE', 'DROP DATABASE IF EXISTS another'],
  ['CREATE TABLESPACE', "CREATE TABLESPACE elsewhere LOCATION '/tmp'"],
  [
    'CREATE SUBSCRIPTION',
    "CREATE SUBSCRIPTION s CONNECTION 'host=localhost' PUBLICATION p WITH (connect = false)",
  ],
  ['ALTER SYSTEM', "ALTER SYSTEM SET work_mem = '1GB'"],
  ['a setting that could end the engine', "SET Max_Stack_Depth = '7MB'"],
  ['LOAD', "LOAD 'libpqwalreceiver'"],
  ['a signal to a backend', 'SELECT pg_terminate_backend(1)'],
  ['the list of prepared statements', 'SELECT * FROM pg_prepared_statements'],
  ['the list of channels', 'SELECT pg_listening_channels()'],
];

describe('refused with 0A000 and a hint, by either protocol', () => {
  test.each(refused)('%s', async (_, sql) => {
    const client = await server.raw();
    expect(errorIn(await client.query(sql))).toMatchObject({ S: 'ERROR', C: '0A000', H: expect.any(String) });
    client.send(say.parse('', sql), say.bind(''), say.execute(), say.sync());
    expect(errorIn(await client.until('Z'))).toMatchObject({ C: '0A000' });
    expect(rowsIn(await client.query('SELECT 1'))).toEqual([['1']]);
  });

  test('nothing of it when the words only stand in a string, a name or a comment', async () => {
    const client = await server.raw();
    const answer = await client.query(
      `SELECT 'CREATE TEMP TABLE x (i int)', 'pg_advisory_lock(1)' AS "LISTEN x" -- DECLARE c CURSOR WITH HOLD`,
    );
    expect(rowsIn(answer)).toEqual([['CREATE TEMP TABLE x (i int)', 'pg_advisory_lock(1)']]);
  });
});

describe('what ends with its transaction is allowed', () => {
  test('temporary tables that are dropped at commit', async () => {
    const [one, two] = [await server.raw(), await server.raw()];
    const answer = await one.query(
      'BEGIN; CREATE TEMP TABLE short ON COMMIT DROP AS SELECT 1 AS i; SELECT i FROM short; COMMIT',
    );
    expect(rowsIn(answer)).toEqual([['1']]);
    expect(errorIn(await two.query('SELECT * FROM short'))).toMatchObject({ C: '42P01' });
  });

  test('advisory locks of the transaction', async () => {
    const client = await server.raw();
    expect(rowsIn(await client.query('SELECT pg_try_advisory_xact_lock(1)'))).toEqual([['t']]);
    expect(rowsIn(await client.query('SELECT pg_try_advisory_xact_lock(1)'))).toEqual([['t']]);
  });

  test('cursors', async () => {
    const client = await server.raw();
    const answer = await client.query(
      'BEGIN; DECLARE c CURSOR FOR SELECT generate_series(1, 3); FETCH 2 FROM c; COMMIT',
    );
    expect(rowsIn(answer)).toEqual([['1'], ['2']]);
    expect(errorIn(await client.query('FETCH 1 FROM c'))).toMatchObject({ C: '34000' });
  });
});

test('a temporary object of an unusual kind ends its connection, and others do not see it', async () => {
  const [one, two] = [await server.raw(), await server.raw()];
  const answer = await one.query('CREATE TYPE pg_temp.unusual AS (i int)');
  expect(answer.at(-1)?.type).toBe('Z');
  expect(errorIn(await one.until('E'))).toMatchObject({ S: 'FATAL', C: '0A000' });
  await one.closed;
  expect(errorIn(await two.query('SELECT NULL::pg_temp.unusual'))).toMatchObject({ C: '42704' });
});

test('everybody works as the owner, unless the name given is that of another role', async () => {
  const owner = await server.raw();
  await owner.query('CREATE ROLE clerk LOGIN');
  const clerk = await server.raw({ user: 'clerk' });
  expect(rowsIn(await clerk.query('SELECT session_user, current_user'))).toEqual([['clerk', 'clerk']]);
  expect(errorIn(await clerk.query('CREATE ROLE another'))).toMatchObject({ C: '42501' });
  const stranger = await server.raw({ user: 'stranger' });
  expect(rowsIn(await stranger.query('SELECT session_user'))).toEqual([['souk']]);
  expect(rowsIn(await clerk.query('SET work_mem = 9000; RESET ALL; SELECT session_user'))).toEqual([
    ['clerk'],
  ]);
});

test('encodings that Postgres would have to convert to are refused by it', async () => {
  const client = await server.raw();
  expect(errorIn(await client.query("SET client_encoding = 'LATIN1'"))).toMatchObject({ C: '0A000' });
  expect(errorIn(await client.query("SELECT convert_to('é', 'LATIN1')"))).toMatchObject({ C: '42883' });
  expect(rowsIn(await client.query("SELECT convert_to('é', 'UTF8')"))).toEqual([['\\xc3a9']]);
  await expect(server.raw({ client_encoding: 'LATIN1' })).rejects.toMatchObject({ code: '0A000' });
  expect(server.warnings).toEqual([]);
});

test('replication and databases that are not there are refused at start-up', async () => {
  await expect(server.raw({ replication: 'database' })).rejects.toMatchObject({ code: '0A000' });
  await expect(server.raw({ database: 'postgres' })).rejects.toMatchObject({ code: '3D000' });
});

test('an extension is there when it is wanted', async () => {
  const client = await server.raw();
  await client.query('CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION citext');
  expect(
    rowsIn(
      await client.query(
        "SELECT similarity('hello', 'helo') > 0.3, unaccent('Žluťoučký'), 'A'::citext = 'a'",
      ),
    ),
  ).toEqual([['t', 'Zlutoucky', 't']]);
  await client.query('CREATE EXTENSION pgcrypto');
  expect(rowsIn(await client.query("SELECT encode(digest('x', 'sha256'), 'hex') LIKE '2d711642%'"))).toEqual([
    ['t'],
  ]);
  expect(errorIn(await client.query('CREATE EXTENSION "../../nonsense"'))).toMatchObject({ C: '22023' });
  expect(errorIn(await client.query('CREATE EXTENSION nonsense'))).toMatchObject({ C: '0A000' });
});
