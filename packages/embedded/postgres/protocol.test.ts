/** Statements over both protocols, on this server and on the real one that POSTGRES_URL names. */
import { describe, expect, test } from '@jest/globals';
import { errorIn, rowsIn, say } from './tests/raw-client.ts';
import { withServer } from './tests/with-server.ts';

const server = withServer({ real: true });

describe('the simple protocol', () => {
  test('several statements in one query are answered one after the other, then ready once', async () => {
    const client = await server.raw();
    const answer = await client.query(
      'SELECT 1; SELECT 2, NULL; CREATE TEMP TABLE gone (i int) ON COMMIT DROP',
    );
    expect(answer.map(({ type }) => type).join('')).toBe('TDCTDCCZ');
    expect(rowsIn(answer)).toEqual([['1'], ['2', null]]);
  });

  test('an empty query and a comment alone are answered as empty', async () => {
    const client = await server.raw();
    for (const sql of ['', ';', '-- nothing']) {
      const answer = await client.query(sql);
      expect(answer.map(({ type }) => type).join('')).toBe('IZ');
    }
  });

  test('an error undoes all statements of its query and names code and position', async () => {
    const client = await server.raw();
    await client.query('DROP TABLE IF EXISTS undone');
    const answer = await client.query('CREATE TABLE undone (i int); SELECT nothing FROM undone');
    expect(errorIn(answer)).toMatchObject({ S: 'ERROR', C: '42703', P: '37' });
    expect(errorIn(await client.query('SELECT * FROM undone'))).toMatchObject({ C: '42P01' });
  });

  test('notices and raised errors come with all their fields', async () => {
    const client = await server.raw();
    const answer = await client.query(
      `DO $$ BEGIN
        RAISE NOTICE 'about to fail: %', 42;
        RAISE EXCEPTION 'failed' USING ERRCODE = 'P1234', DETAIL = 'some detail', HINT = 'some hint';
      END $$`,
    );
    const notice = answer.find(({ type }) => type === 'N');
    expect(notice?.body.toString()).toContain('about to fail: 42');
    expect(errorIn(answer)).toMatchObject({ C: 'P1234', M: 'failed', D: 'some detail', H: 'some hint' });
  });

  test('a constraint that is violated is named with its table', async () => {
    const client = await server.raw();
    await client.query('DROP TABLE IF EXISTS unique_things; CREATE TABLE unique_things (id int PRIMARY KEY)');
    await client.query('INSERT INTO unique_things VALUES (1)');
    expect(errorIn(await client.query('INSERT INTO unique_things VALUES (1)'))).toMatchObject({
      C: '23505',
      t: 'unique_things',
      n: 'unique_things_pkey',
    });
  });
});

describe('the extended protocol', () => {
  test('parse, describe, bind, execute in one go', async () => {
    const client = await server.raw();
    client.send(
      say.parse('', 'SELECT $1::int + 1 AS sum'),
      say.describeStatement(''),
      say.bind('', ['41']),
      say.describePortal(''),
      say.execute(),
      say.sync(),
    );
    const answer = await client.until('Z');
    expect(answer.map(({ type }) => type).join('')).toBe('1tT2TDCZ');
    expect(rowsIn(answer)).toEqual([['42']]);
  });

  test('a flush brings the answers so far, without a sync', async () => {
    const client = await server.raw();
    client.send(say.parse('flushed', 'SELECT 7'), say.describeStatement('flushed'), say.flush());
    expect(await client.typesUntil('T')).toBe('1tT');
    client.send(say.bind('flushed'), say.execute(), say.flush());
    expect(await client.typesUntil('C')).toBe('2DC');
    client.send(say.sync());
    expect(await client.typesUntil('Z')).toBe('Z');
  });

  test('a limit on rows suspends the portal until it is executed again', async () => {
    const client = await server.raw();
    client.send(
      say.parse('', 'SELECT generate_series(1, 5)'),
      say.bind(''),
      say.execute(2),
      say.execute(2),
      say.execute(2),
      say.sync(),
    );
    expect(await client.typesUntil('Z')).toBe('12DDsDDsDCZ');
  });

  test('after an error everything is skipped until the sync, and what follows works', async () => {
    const client = await server.raw();
    client.send(
      say.parse('', 'SELEC 1'),
      say.bind(''),
      say.execute(),
      say.sync(),
      say.parse('', 'SELECT 1'),
      say.bind(''),
      say.execute(),
      say.sync(),
    );
    expect(await client.typesUntil('Z')).toBe('EZ');
    expect(await client.typesUntil('Z')).toBe('12DCZ');
  });

  test('statements between two syncs are one transaction', async () => {
    const client = await server.raw();
    await client.query('DROP TABLE IF EXISTS pipelined; CREATE TABLE pipelined (i int)');
    client.send(
      say.parse('', 'INSERT INTO pipelined VALUES (1)'),
      say.bind(''),
      say.execute(),
      say.parse('', 'SELECT 1/0'),
      say.bind(''),
      say.execute(),
      say.sync(),
    );
    expect(await client.typesUntil('Z')).toBe('12C1EZ');
    expect(rowsIn(await client.query('SELECT count(*) FROM pipelined'))).toEqual([['0']]);
  });

  test('many queries sent at once are answered in order', async () => {
    const client = await server.raw();
    const numbers = Array.from({ length: 200 }, (_, i) => i);
    client.send(say.parse('echo', 'SELECT $1::int'), say.sync());
    await client.until('Z');
    client.send(
      ...numbers.map((i) => Buffer.concat([say.bind('echo', [`${i}`]), say.execute(), say.sync()])),
    );
    const answers: unknown[] = [];
    for (const _ of numbers) answers.push(...rowsIn(await client.until('Z')).flat());
    expect(answers).toEqual(numbers.map(String));
  });

  test('a statement that is closed or was never there is an error', async () => {
    const client = await server.raw();
    client.send(say.parse('short', 'SELECT 1'), say.closeStatement('short'), say.sync());
    expect(await client.typesUntil('Z')).toBe('13Z');
    client.send(say.bind('short'), say.sync());
    expect(errorIn(await client.until('Z'))).toMatchObject({
      C: '26000',
      M: 'prepared statement "short" does not exist',
    });
  });

  test('a name that is taken is an error', async () => {
    const client = await server.raw();
    client.send(say.parse('taken', 'SELECT 1'), say.sync());
    await client.until('Z');
    client.send(say.parse('taken', 'SELECT 2'), say.sync());
    expect(errorIn(await client.until('Z'))).toMatchObject({
      C: '42P05',
      M: 'prepared statement "taken" already exists',
    });
  });

  test('statements prepared by SQL and by the protocol share their names', async () => {
    const client = await server.raw();
    await client.query('PREPARE shared (int) AS SELECT $1 * 2');
    client.send(say.bind('shared', ['21']), say.execute(), say.sync());
    expect(rowsIn(await client.until('Z'))).toEqual([['42']]);
    client.send(say.parse('by_protocol', 'SELECT 5'), say.sync());
    await client.until('Z');
    expect(rowsIn(await client.query('EXECUTE by_protocol'))).toEqual([['5']]);
    await client.query('DEALLOCATE by_protocol');
    expect(errorIn(await client.query('EXECUTE by_protocol'))).toMatchObject({ C: '26000' });
    await client.query('DEALLOCATE ALL');
    expect(errorIn(await client.query('EXECUTE shared'))).toMatchObject({ C: '26000' });
  });

  test('names longer than Postgres keeps are told apart by their first 63 characters', async () => {
    const client = await server.raw();
    const name = (end: string) => `${'n'.repeat(62)}${end}`;
    client.send(say.parse(name('a'), 'SELECT 1'), say.parse(name('b'), 'SELECT 2'), say.sync());
    expect(await client.typesUntil('Z')).toBe('11Z');
    client.send(say.bind(`${name('b')}ignored`), say.execute(), say.sync());
    expect(rowsIn(await client.until('Z'))).toEqual([['2']]);
  });
});

describe('the start-up', () => {
  test('a setting that cannot be, or a database that is not there, is refused', async () => {
    await expect(server.raw({ TimeZone: 'Nowhere' })).rejects.toMatchObject({ code: '22023' });
    await expect(server.raw({ 'no.such.setting.': 'x' })).rejects.toMatchObject({ code: '42602' });
    await expect(server.raw({ no_such_setting: 'x' })).rejects.toMatchObject({ code: '42704' });
    await expect(server.raw({ options: '-x' })).rejects.toMatchObject({ code: '42601' });
    await expect(server.raw({ database: 'elsewhere' })).rejects.toMatchObject({ code: '3D000' });
  });
});
