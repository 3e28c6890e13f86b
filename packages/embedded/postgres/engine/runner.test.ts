/**
 * One engine, several sessions: what each of them is answered.
 * @jest-environment ./packages/embedded/postgres/tests/engine-environment.ts
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SLOT, stateAt, unsentAt } from '../channel.ts';
import {
  type InProcessEngine,
  messagesOf,
  newDataFolder,
  startInProcess,
  typesOf,
} from '../tests/in-process-engine.ts';
import { errorIn, rowsIn, say } from '../tests/raw-client.ts';
import { work } from './work.ts';

const dir = newDataFolder();
let engine: InProcessEngine;
let lastSession = 1000;

beforeAll(async () => {
  engine = await startInProcess(dir);
});
afterAll(async () => {
  await engine.stop();
  rmSync(dir, { recursive: true });
});

const newSession = (...settings: [string, string][]): number => {
  lastSession += 1;
  engine.open(lastSession, settings);
  return lastSession;
};
const query = (session: number, sql: string) => engine.run(session, say.query(sql));
const rows = (session: number, sql: string) => rowsIn(messagesOf(query(session, sql)));
const error = (result: { output: Uint8Array }) => errorIn(messagesOf(result));

describe('a session', () => {
  test('is greeted with settings that hold while nobody has changed any', () => {
    expect(Object.fromEntries(engine.parameters)).toMatchObject({
      client_encoding: 'UTF8',
      session_authorization: 'souk',
      is_superuser: 'on',
      TimeZone: 'UTC',
      integer_datetimes: 'on',
    });
  });

  test('that opens with a setting of its own tells of it and of its timeouts', () => {
    lastSession += 1;
    const result = engine.open(lastSession, [
      ['TimeZone', 'Asia/Tokyo'],
      ['statement_timeout', '2s'],
      ['lock_timeout', '300'],
    ]);
    expect(typesOf(result)).toBe('ISZ');
    expect(result.timeouts).toEqual({ statement: 2000, lock: 300, idleInTransaction: 0 });
    expect(rows(lastSession, 'SHOW TimeZone')).toEqual([['Asia/Tokyo']]);
  });

  test('that opens with a setting that cannot be ends at once and changes nothing', () => {
    lastSession += 1;
    const result = engine.open(lastSession, [
      ['TimeZone', 'Asia/Tokyo'],
      ['work_mem', 'plenty'],
    ]);
    expect(result.ended).toBe(true);
    expect(error(result)).toMatchObject({ C: '22023' });
    expect(rows(newSession(), 'SHOW TimeZone')).toEqual([['UTC']]);
  });

  test('begins without what its role or database can no longer have', () => {
    const first = newSession();
    query(
      first,
      "CREATE ROLE soon_gone; ALTER DATABASE souk SET role = 'soon_gone'; ALTER DATABASE souk SET work_mem = '7MB'",
    );
    expect(rows(newSession(), 'SELECT current_user')).toEqual([['soon_gone']]);
    query(first, 'DROP ROLE soon_gone');
    const session = newSession();
    expect(rows(session, 'SELECT current_user')).toEqual([['souk']]);
    query(session, 'ALTER DATABASE souk RESET ALL');
  });

  test('that is not there is a fault of the wire server', () => {
    expect(() => query(1, 'SELECT 1')).toThrow('no session 1');
    expect(engine.close(1).state).toBe('idle');
  });

  test('ends when a role that it took is gone by the time it gets the engine back', () => {
    const [one, two] = [newSession(), newSession()];
    query(one, 'CREATE ROLE passing');
    query(one, 'SET ROLE passing');
    query(two, 'DROP ROLE passing');
    const result = query(one, 'SELECT 1');
    expect(result.ended).toBe(true);
    expect(error(result)).toMatchObject({ C: '22023' });
    expect(rows(two, 'SELECT current_user')).toEqual([['souk']]);
  });

  test('keeps its settings, and tells the wire server when its timeouts change', () => {
    const [one, two] = [newSession(), newSession()];
    expect(query(one, "SET statement_timeout = '5s'").timeouts).toMatchObject({ statement: 5000 });
    expect(rows(two, 'SHOW statement_timeout')).toEqual([['0']]);
    expect(query(one, 'SELECT 1').timeouts).toBeUndefined();
    expect(query(one, 'RESET statement_timeout').timeouts).toMatchObject({ statement: 0 });
  });
});

describe('statements', () => {
  test('are each session’s own, and are freed when it closes', () => {
    const [one, two] = [newSession(), newSession()];
    for (const [session, answer] of [
      [one, 1],
      [two, 2],
    ] as const)
      engine.run(session, say.parse('mine', `SELECT ${answer}`), say.sync());
    expect(rowsIn(messagesOf(engine.run(one, say.bind('mine'), say.execute(), say.sync())))).toEqual([['1']]);
    expect(rows(two, 'EXECUTE mine')).toEqual([['2']]);
    engine.close(one);
    const left = engine.runner.internal("SELECT FROM pg_prepared_statements WHERE name LIKE 'souk:%'");
    expect(left.toString('latin1')).toContain('SELECT 1\0');
    query(two, 'DEALLOCATE ALL');
    expect(error(query(two, 'EXECUTE mine'))).toMatchObject({
      M: 'prepared statement "mine" does not exist',
    });
    expect(engine.runner.internal('SELECT FROM pg_prepared_statements').toString('latin1')).toContain(
      'SELECT 0\0',
    );
  });

  test('without a name are parsed again, unseen, once another session has taken the place', () => {
    const [one, two] = [newSession(), newSession()];
    engine.run(one, say.parse('', 'SELECT 1'), say.sync());
    engine.run(two, say.parse('', 'SELECT 2'), say.sync());
    expect(typesOf(engine.run(one, say.bind(''), say.execute(), say.sync()))).toBe('2DCZ');
    query(two, 'SELECT 3');
    expect(
      typesOf(engine.run(one, say.parse('other', 'SELECT 4'), say.bind(''), say.execute(), say.sync())),
    ).toBe('12DCZ');
    engine.run(one, say.closeStatement(''), say.sync());
    expect(error(engine.run(one, say.bind(''), say.sync()))).toMatchObject({ C: '26000' });
  });

  test('that were only begun keep the engine until their sync', () => {
    const session = newSession();
    expect(engine.run(session, say.parse('', 'SELECT 1'), say.flush()).state).toBe('unfinished');
    expect(engine.runner.isHeld()).toBe(true);
    expect(engine.run(session, say.sync()).state).toBe('idle');
    expect(engine.runner.isHeld()).toBe(false);
  });

  test('of a session that closes in the middle of a transaction are rolled back', () => {
    const [one, two] = [newSession(), newSession()];
    query(two, 'CREATE TABLE half (i int)');
    expect(query(one, 'BEGIN; INSERT INTO half VALUES (1)').state).toBe('transaction');
    engine.close(one);
    expect(rows(two, 'SELECT count(*) FROM half')).toEqual([['0']]);
  });

  test.each([
    'CREATE TEMP TABLE t (i int)',
    'CREATE TABLE pg_temp.t (i int)',
    'CREATE TEMP TABLE t AS SELECT 1',
    'CREATE TEMP VIEW v AS SELECT 1',
    'CREATE TEMP SEQUENCE s',
    'CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
    "COPY pg_class TO '/tmp/file'",
    "COPY pg_class TO PROGRAM 'cat'",
    'CREATE DATABASE d',
    'DROP DATABASE d',
    "CREATE TABLESPACE t LOCATION '/tmp'",
    'ALTER SYSTEM SET work_mem = 1',
    'SET "Exit_On_Error" = on',
    'SELECT pg_advisory_lock(1)',
    'SELECT pg_cancel_backend(1)',
  ])('that would reach beyond their session are refused: %s', (sql) => {
    expect(error(query(newSession(), sql))).toMatchObject({ C: '0A000', H: expect.any(String) });
  });

  test('that end with their transaction run', () => {
    const session = newSession();
    expect(typesOf(query(session, 'CREATE TEMP TABLE t (i int) ON COMMIT DROP'))).toBe('CZ');
    expect(typesOf(query(session, 'CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 1'))).toBe('CZ');
    expect(typesOf(query(session, 'DISCARD PLANS; DEALLOCATE ALL; SET LOCAL work_mem = 100'))).toMatch(
      /C.*Z$/,
    );
    expect(typesOf(query(session, 'BEGIN; DECLARE c CURSOR FOR SELECT 1; COMMIT'))).toBe('CCCZ');
  });

  test('that leave a temporary object of an unusual kind end their session', () => {
    const session = newSession();
    const result = query(session, 'CREATE DOMAIN pg_temp.d AS int');
    expect(result.ended).toBe(true);
    expect(typesOf(result)).toBe('CZE');
    expect(() => query(session, 'SELECT 1')).toThrow('no session');
  });

  test('with long names are told apart by what Postgres would keep of them', () => {
    const session = newSession();
    const name = (end: string) => `${'n'.repeat(62)}${end}`;
    engine.run(session, say.parse(name('a'), 'SELECT 1'), say.parse(name('b'), 'SELECT 2'), say.sync());
    const answer = engine.run(
      session,
      say.bind(name('b')),
      say.execute(),
      say.closeStatement(name('b')),
      say.sync(),
    );
    expect(rowsIn(messagesOf(answer))).toEqual([['2']]);
    const left = `SELECT FROM pg_prepared_statements WHERE name LIKE 'souk:${session}.%'`;
    expect(engine.runner.internal(left).toString('latin1')).toContain('SELECT 1\0');
    engine.close(session);
  });

  test('DISCARD ALL leaves the session as new', () => {
    const session = newSession(['work_mem', '5MB']);
    query(session, "SET work_mem = '6MB'; PREPARE p AS SELECT 1; LISTEN c");
    const result = query(session, 'DISCARD ALL');
    expect(result.listening).toEqual([]);
    expect(rows(session, 'SHOW work_mem')).toEqual([['5MB']]);
    expect(error(query(session, 'EXECUTE p'))).toMatchObject({ C: '26000' });
    expect(error(query(session, 'BEGIN; DISCARD ALL'))).toMatchObject({ C: '25001' });
    query(session, 'ROLLBACK');
  });
});

describe('notifications', () => {
  test('come out of the sender’s job, and the channels of each session with its results', () => {
    const [one, two] = [newSession(), newSession()];
    expect(query(one, 'LISTEN a; LISTEN b').listening).toEqual(['a', 'b']);
    expect(query(one, 'BEGIN; LISTEN c; SAVEPOINT s; UNLISTEN a; ROLLBACK TO s; COMMIT').listening).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(query(one, 'BEGIN; UNLISTEN *; ROLLBACK').listening).toBeUndefined();
    const sent = query(two, "NOTIFY a, 'hello'");
    expect(typesOf(sent)).toBe('CZ');
    expect(sent.notifications).toMatchObject([{ channel: 'a' }]);
    expect(Buffer.from(sent.notifications?.[0]?.message ?? []).readInt32BE(5)).toBe(two);
    engine.close(one);
    expect(engine.runner.internal('SELECT pg_listening_channels()').toString('latin1')).toContain(
      'SELECT 0\0',
    );
  });
});

describe('COPY', () => {
  test('waits for its data, and sends what it has written before', () => {
    const session = newSession();
    query(session, 'CREATE TABLE copied (i int)');
    engine.told();
    engine.send({ type: 'input', bytes: say.copyData('1\n2\n') });
    engine.send({ type: 'input', bytes: Buffer.concat([say.flush(), say.copyDone()]) });
    const result = query(session, 'COPY copied FROM STDIN');
    expect(typesOf(result)).toBe('CZ');
    const told = engine.told();
    expect(told.map(({ type }) => type)).toEqual(['output', 'needs-input', 'needs-input']);
    expect(typesOf({ output: (told[0] as { bytes: Uint8Array }).bytes })).toBe('G');
    expect(rows(session, 'SELECT sum(i) FROM copied')).toEqual([['3']]);
  });

  test('with anything but data ends the session before Postgres sees it', () => {
    const session = newSession();
    engine.send({ type: 'input', bytes: say.query('SELECT 1') });
    const result = query(session, 'COPY copied FROM STDIN');
    expect(result).toMatchObject({ ended: true, state: 'idle' });
    expect(error(result)).toMatchObject({ S: 'FATAL', C: '08P01' });
    expect(rows(newSession(), 'SELECT sum(i) FROM copied')).toEqual([['3']]);
  });
});

describe('a large result', () => {
  test('is sent in parts', () => {
    const session = newSession();
    engine.told();
    const result = query(session, "SELECT repeat('x', 1000) FROM generate_series(1, 1000)");
    const parts = engine.told().map((message) => (message as { bytes: Uint8Array }).bytes.length);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.reduce((sum, size) => sum + size, result.output.length)).toBeGreaterThan(1_000_000);
    expect(engine.numbers[unsentAt(0)]).toBe(parts.reduce((sum, size) => sum + size, 0));
  });
});

describe('a cancel request', () => {
  test('stops the statement where Postgres looks up, and no later one', () => {
    const session = newSession();
    const result = engine.runCancelled(session, say.query('SELECT 1'));
    expect(error(result)).toMatchObject({ C: '57014', M: 'canceling statement due to user request' });
    expect(rows(session, 'SELECT 1')).toEqual([['1']]);
  });
});

describe('extensions', () => {
  test('are brought in when they are created, with those that they require', () => {
    const session = newSession();
    expect(typesOf(query(session, 'CREATE EXTENSION earthdistance CASCADE'))).toBe('NCZ');
    expect(
      rows(session, 'SELECT round(earth_distance(ll_to_earth(0, 0), ll_to_earth(0, 1)) / 1000)'),
    ).toEqual([['111']]);
  });

  test('are there again after a restart', async () => {
    await engine.stop();
    engine = await startInProcess(dir);
    expect(rows(newSession(), "SELECT cube_dim(cube '(1,2)')")).toEqual([['2']]);
  });
});

describe('the loop', () => {
  test('runs batches until a transaction stays open, leaves out what was withdrawn, and stops when told', () => {
    const [one, two, three] = [newSession(), newSession(), newSession()];
    const jobs = [one, two, three].map((session, slot) => {
      engine.numbers[stateAt(slot)] = SLOT.queued;
      const sql = session === two ? 'BEGIN' : 'SELECT 1';
      return { session, slot, task: { kind: 'messages' as const, bytes: new Uint8Array(say.query(sql)) } };
    });
    engine.told();
    engine.send({ type: 'run', jobs });
    engine.send({ type: 'stop' });
    work(engine.inbox, engine.runner);
    expect(engine.told()).toMatchObject([
      { type: 'result', result: { session: one, state: 'idle' }, finished: false },
      { type: 'result', result: { session: two, state: 'transaction' }, finished: true },
    ]);
    engine.close(two);
    engine.numbers[stateAt(2)] = SLOT.withdrawn;
    engine.send({ type: 'run', jobs: jobs.slice(2) });
    engine.send({ type: 'stop' });
    work(engine.inbox, engine.runner);
    expect(engine.told()).toEqual([{ type: 'result', finished: true }]);
  });
});
