/** Connections side by side: what each has for itself, on this server and on the real one that POSTGRES_URL names. */
import { describe, expect, test } from '@jest/globals';
import { errorIn, requestCancel, rowsIn, say } from './tests/raw-client.ts';
import { eventually, withServer } from './tests/with-server.ts';

const server = withServer({ real: true });
const tag = (body: Buffer) => body.toString('utf8', 0, body.length - 1);

describe('connections', () => {
  test('each has its own prepared statements, of the same name', async () => {
    const [one, two] = [await server.raw(), await server.raw()];
    one.send(say.parse('same', 'SELECT 1'), say.sync());
    two.send(say.parse('same', 'SELECT 2'), say.sync());
    await Promise.all([one.until('Z'), two.until('Z')]);
    for (const [client, answer] of [
      [one, '1'],
      [two, '2'],
      [one, '1'],
    ] as const) {
      client.send(say.bind('same'), say.execute(), say.sync());
      expect(rowsIn(await client.until('Z'))).toEqual([[answer]]);
    }
    two.send(say.closeStatement('same'), say.sync());
    await two.until('Z');
    one.send(say.bind('same'), say.execute(), say.sync());
    expect(rowsIn(await one.until('Z'))).toEqual([['1']]);
  });

  test('each has its own unnamed statement, which lives until the next one', async () => {
    const [one, two] = [await server.raw(), await server.raw()];
    one.send(say.parse('', 'SELECT 1'), say.sync());
    await one.until('Z');
    two.send(say.parse('', 'SELECT 2'), say.sync());
    await two.until('Z');
    one.send(say.bind(''), say.execute(), say.sync());
    const answer = await one.until('Z');
    expect(answer.map(({ type }) => type).join('')).toBe('2DCZ');
    expect(rowsIn(answer)).toEqual([['1']]);
    two.send(say.describeStatement(''), say.bind(''), say.execute(), say.sync());
    expect(rowsIn(await two.until('Z'))).toEqual([['2']]);
    const third = await server.raw();
    for (const client of [one, third]) {
      if (client === one) await one.query('SELECT 3');
      client.send(say.bind(''), say.sync());
      const messages = await client.until('Z');
      expect(messages.map(({ type }) => type).join('')).toBe('EZ');
      expect(errorIn(messages)).toMatchObject({ C: '26000', M: 'unnamed prepared statement does not exist' });
    }
  });

  test('SET holds for its own connection only, whatever set it', async () => {
    const [one, two] = [await server.raw(), await server.raw()];
    const workMemory = async (client: typeof one) => rowsIn(await client.query('SHOW work_mem'))[0]?.[0];
    const before = await workMemory(two);
    await one.query("SET work_mem = '77MB'");
    await one.query(
      "SELECT set_config('search_path', 'pg_catalog', false), set_config('app.tenant', 'one', false)",
    );
    await one.query("DO $$ BEGIN EXECUTE 'SET statement_timeout = 54321'; END $$");
    expect(await workMemory(two)).toBe(before);
    expect(rowsIn(await two.query("SELECT current_setting('app.tenant', true) = 'one'"))).not.toEqual([
      ['t'],
    ]);
    expect(rowsIn(await two.query('SHOW statement_timeout'))).toEqual([['0']]);
    expect(rowsIn(await two.query('SHOW search_path'))).toEqual([['"$user", public']]);
    expect(await workMemory(one)).toBe('77MB');
    expect(rowsIn(await one.query("SELECT current_setting('app.tenant')"))).toEqual([['one']]);
    expect(rowsIn(await one.query('SHOW search_path'))).toEqual([['pg_catalog']]);
    expect(rowsIn(await one.query('SHOW statement_timeout'))).toEqual([['54321ms']]);
    await one.query('DISCARD ALL');
    expect(await workMemory(one)).toBe(before);
  });

  test('SET inside a transaction that fails is taken back; SET LOCAL ends with it', async () => {
    const client = await server.raw();
    await client.query("SET work_mem = '10MB'");
    await client.query("BEGIN; SET work_mem = '20MB'; SET LOCAL lock_timeout = 5000");
    await client.query('ROLLBACK');
    expect(rowsIn(await client.query('SHOW work_mem'))).toEqual([['10MB']]);
    await client.query("BEGIN; SET LOCAL work_mem = '30MB'");
    await client.query('COMMIT');
    expect(rowsIn(await client.query('SHOW work_mem'))).toEqual([['10MB']]);
  });

  test('a role holds for its own connection only', async () => {
    const [one, two] = [await server.raw(), await server.raw()];
    await one.query('DROP ROLE IF EXISTS limited');
    await one.query('CREATE ROLE limited');
    await one.query('SET ROLE limited');
    expect(rowsIn(await two.query('SELECT current_user'))).toEqual([['souk']]);
    expect(rowsIn(await one.query('SELECT current_user, session_user'))).toEqual([['limited', 'souk']]);
    expect(errorIn(await one.query('CREATE SCHEMA not_mine'))).toMatchObject({ C: '42501' });
    await one.query('RESET ROLE');
    await one.query('SET SESSION AUTHORIZATION limited');
    expect(rowsIn(await two.query('SELECT session_user'))).toEqual([['souk']]);
    expect(rowsIn(await one.query('SELECT session_user'))).toEqual([['limited']]);
    await one.query('RESET SESSION AUTHORIZATION');
    await one.query('DROP ROLE limited');
  });

  test('settings of the start-up packet are reported, hold, and are what RESET goes back to', async () => {
    const client = await server.raw({
      options: '-c search_path=pg_catalog,public -c work_mem=5MB',
      TimeZone: 'Europe/Berlin',
      application_name: 'shop',
    });
    const other = await server.raw();
    expect(rowsIn(await client.query('SHOW search_path'))).toEqual([['pg_catalog,public']]);
    expect(rowsIn(await client.query('SHOW TimeZone'))).toEqual([['Europe/Berlin']]);
    expect(rowsIn(await client.query('SHOW application_name'))).toEqual([['shop']]);
    await client.query("SET work_mem = '6MB'");
    expect(rowsIn(await other.query('SHOW work_mem'))).not.toEqual([['6MB']]);
    await client.query('RESET ALL');
    expect(rowsIn(await client.query('SHOW work_mem'))).toEqual([['5MB']]);
  });

  test('what ALTER ROLE and ALTER DATABASE set holds for new connections', async () => {
    const client = await server.raw();
    await client.query("ALTER DATABASE souk SET work_mem = '7MB'; ALTER DATABASE souk SET app.kind = 'a=b'");
    await client.query("ALTER ROLE souk IN DATABASE souk SET app.kind = 'c'");
    const next = await server.raw({ TimeZone: 'Asia/Tokyo' });
    expect(rowsIn(await next.query('SHOW work_mem'))).toEqual([['7MB']]);
    expect(rowsIn(await next.query('SHOW app.kind'))).toEqual([['c']]);
    expect(rowsIn(await next.query("SET work_mem = '9MB'; RESET work_mem; SHOW work_mem"))).toEqual([
      ['7MB'],
    ]);
    await client.query('ALTER DATABASE souk RESET ALL; ALTER ROLE souk IN DATABASE souk RESET ALL');
    expect(rowsIn(await (await server.raw()).query('SHOW work_mem'))).not.toEqual([['7MB']]);
  });

  test('a change of a reported setting is told to its connection', async () => {
    const [one, two] = [await server.raw(), await server.raw()];
    const told = (messages: Awaited<ReturnType<typeof one.query>>) =>
      messages.filter(({ type }) => type === 'S').map(({ body }) => tag(body).split('\0'));
    expect(told(await one.query("SET TimeZone = 'Asia/Tokyo'"))).toEqual([['TimeZone', 'Asia/Tokyo']]);
    expect(told(await two.query('SELECT 1'))).toEqual([]);
    expect(told(await one.query('SELECT 1'))).toEqual([]);
    expect(told(await one.query("BEGIN; SET TimeZone = 'UTC'"))).toEqual([['TimeZone', 'UTC']]);
    expect(told(await one.query('ROLLBACK'))).toEqual([['TimeZone', 'Asia/Tokyo']]);
  });

  test('currval is unknown to a connection that has not called nextval', async () => {
    const [one, two] = [await server.raw(), await server.raw()];
    await one.query('DROP SEQUENCE IF EXISTS numbers');
    await one.query('CREATE SEQUENCE numbers');
    expect(rowsIn(await one.query("SELECT nextval('numbers'); SELECT currval('numbers')"))).toEqual([
      ['1'],
      ['1'],
    ]);
    expect(errorIn(await two.query("SELECT currval('numbers')"))).toMatchObject({ C: '55000' });
    expect(errorIn(await two.query('SELECT lastval()'))).toMatchObject({ C: '55000' });
  });

  test('DISCARD ALL is refused inside a transaction', async () => {
    const client = await server.raw();
    await client.query('BEGIN');
    expect(errorIn(await client.query('DISCARD ALL'))).toMatchObject({ C: '25001' });
    await client.query('ROLLBACK');
  });
});

describe('transactions', () => {
  test('are seen by others once they are committed', async () => {
    const sql = server.driver({ max: 2 });
    await sql`DROP TABLE IF EXISTS accounts`;
    await sql`CREATE TABLE accounts (id int PRIMARY KEY, amount int)`;
    await sql.begin(async (transaction) => {
      await transaction`INSERT INTO accounts VALUES (1, 10)`;
      await transaction
        .savepoint(async (inner) => {
          await inner`UPDATE accounts SET amount = 0`;
          throw new Error('back to the savepoint');
        })
        .catch(() => {});
    });
    expect(await sql`SELECT amount FROM accounts`).toEqual([{ amount: 10 }]);
  });

  test('that failed refuse everything but their end', async () => {
    const client = await server.raw();
    await client.query('BEGIN');
    const failed = await client.query('SELECT 1/0');
    expect(failed.at(-1)?.body.toString()).toBe('E');
    expect(errorIn(await client.query('SELECT 1'))).toMatchObject({ C: '25P02' });
    const ended = await client.query('COMMIT');
    expect(tag(ended[0]?.body as Buffer)).toBe('ROLLBACK');
    expect(ended.at(-1)?.body.toString()).toBe('I');
  });

  test('of a client that vanishes are rolled back', async () => {
    const [gone, other] = [await server.raw(), await server.raw()];
    await other.query('DROP TABLE IF EXISTS vanishing; CREATE TABLE vanishing (i int)');
    await gone.query('BEGIN; INSERT INTO vanishing VALUES (1); LOCK TABLE vanishing');
    gone.socket.destroy();
    expect(rowsIn(await other.query('SELECT count(*) FROM vanishing'))).toEqual([['0']]);
  });

  test('a statement sent before Terminate is still carried out', async () => {
    const [leaving, other] = [await server.raw(), await server.raw()];
    await other.query('DROP TABLE IF EXISTS last_wishes; CREATE TABLE last_wishes (i int)');
    leaving.send(say.query('INSERT INTO last_wishes VALUES (1)'), say.terminate());
    await leaving.closed;
    await eventually(
      async () => rowsIn(await other.query('SELECT count(*) FROM last_wishes'))[0]?.[0] === '1',
    );
  });
});

describe('timeouts and cancel requests', () => {
  test('a statement that waits longer than statement_timeout or lock_timeout is cancelled', async () => {
    const [holder, hurried, locked] = [await server.raw(), await server.raw(), await server.raw()];
    await holder.query('DROP TABLE IF EXISTS locked; CREATE TABLE locked (i int)');
    await hurried.query("SET statement_timeout = '100ms'");
    await locked.query("SET lock_timeout = '100ms'");
    await holder.query('BEGIN; LOCK TABLE locked');
    expect(errorIn(await hurried.query('SELECT * FROM locked'))).toMatchObject({
      C: '57014',
      M: 'canceling statement due to statement timeout',
    });
    locked.send(say.parse('', 'SELECT * FROM locked'), say.bind(''), say.execute(), say.sync());
    expect(errorIn(await locked.until('Z'))).toMatchObject({
      C: '55P03',
      M: 'canceling statement due to lock timeout',
    });
    await holder.query('COMMIT');
    for (const client of [hurried, locked]) {
      await client.query('SET statement_timeout = 0');
      expect(rowsIn(await client.query('SELECT 1'))).toEqual([['1']]);
    }
  });

  test('a transaction that idles longer than its connection allows is ended', async () => {
    const [idle, other] = [await server.raw(), await server.raw()];
    await other.query('DROP TABLE IF EXISTS idled; CREATE TABLE idled (i int)');
    await idle.query("SET idle_in_transaction_session_timeout = '100ms'");
    await idle.query('BEGIN; INSERT INTO idled VALUES (1)');
    expect(errorIn(await idle.until('E'))).toMatchObject({ S: 'FATAL', C: '25P03' });
    await idle.closed;
    expect(rowsIn(await other.query('SELECT count(*) FROM idled'))).toEqual([['0']]);
  });

  test('a waiting statement is cancelled by a cancel request, and its connection goes on', async () => {
    const [holder, waiting] = [await server.raw(), await server.raw()];
    await holder.query('DROP TABLE IF EXISTS held; CREATE TABLE held (i int)');
    await holder.query('BEGIN; LOCK TABLE held');
    let isAnswered = false;
    const answer = waiting.query('SELECT * FROM held').finally(() => {
      isAnswered = true;
    });
    // One that comes before the statement has no effect.
    await eventually(async () => {
      await requestCancel(waiting);
      return isAnswered;
    });
    expect(errorIn(await answer)).toMatchObject({ C: '57014' });
    await holder.query('COMMIT');
    // The last request may still be on its way.
    await eventually(async () => (await waiting.query('SELECT 1')).at(-2)?.type === 'C');
  });
});
