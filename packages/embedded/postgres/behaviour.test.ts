/**
 * What any PostgreSQL server answers. With POSTGRES_URL set, this suite runs against that server instead of the
 * stand-in: what holds there has to hold here.
 */
import { describe, expect, test } from '@jest/globals';
import { errorIn, rowsIn, say } from './tests/raw-client.ts';
import { eventually, withServer } from './tests/with-server.ts';

const server = withServer({ real: true });
const tag = (body: Buffer) => body.toString('utf8', 0, body.length - 1);

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

describe('COPY', () => {
  test('reads rows that come in pieces', async () => {
    const client = await server.raw();
    await client.query('DROP TABLE IF EXISTS copied; CREATE TABLE copied (i int, t text)');
    client.send(say.query('COPY copied FROM STDIN'));
    expect(await client.typesUntil('G')).toBe('G');
    client.send(say.copyData('1\tone\n2\t'));
    client.send(say.copyData('two\n'), say.copyDone());
    const answer = await client.until('Z');
    expect(tag(answer[0]?.body as Buffer)).toBe('COPY 2');
    expect(rowsIn(await client.query('SELECT * FROM copied ORDER BY i'))).toEqual([
      ['1', 'one'],
      ['2', 'two'],
    ]);
  });

  test('reads rows that come with the statement, and by the extended protocol', async () => {
    const client = await server.raw();
    await client.query('DROP TABLE IF EXISTS copied_at_once; CREATE TABLE copied_at_once (i int)');
    client.send(
      say.query('COPY copied_at_once FROM STDIN'),
      say.copyData('1\n'),
      say.copyDone(),
      say.parse('', 'COPY copied_at_once FROM STDIN'),
      say.bind(''),
      say.execute(),
      say.flush(),
      say.copyData('2\n3\n'),
      say.copyDone(),
      say.sync(),
    );
    expect(await client.typesUntil('Z')).toBe('GCZ');
    expect(await client.typesUntil('Z')).toBe('12GCZ');
    expect(rowsIn(await client.query('SELECT sum(i) FROM copied_at_once'))).toEqual([['6']]);
  });

  test('writes rows, as text, CSV and binary', async () => {
    const client = await server.raw();
    const data = async (format: string) => {
      const answer = await client.query(`COPY (SELECT 1, 'a,b') TO STDOUT ${format}`);
      expect(answer.map(({ type }) => type).join('')).toMatch(/^Hd+cCZ$/);
      return Buffer.concat(answer.filter(({ type }) => type === 'd').map(({ body }) => body));
    };
    expect((await data('')).toString()).toBe('1\ta,b\n');
    expect((await data('(FORMAT csv)')).toString()).toBe('1,"a,b"\n');
    expect((await data('(FORMAT binary)')).subarray(0, 6).toString()).toBe('PGCOPY');
  });

  test('reads back the binary format that it writes', async () => {
    const client = await server.raw();
    await client.query('DROP TABLE IF EXISTS copied_binary; CREATE TABLE copied_binary (i int, t text)');
    const written = await client.query("COPY (SELECT 7, 'seven') TO STDOUT (FORMAT binary)");
    client.send(say.query('COPY copied_binary FROM STDIN (FORMAT binary)'));
    await client.until('G');
    for (const { type, body } of written) if (type === 'd') client.send(say.copyData(body));
    client.send(say.copyDone());
    await client.until('Z');
    expect(rowsIn(await client.query('SELECT * FROM copied_binary'))).toEqual([['7', 'seven']]);
  });

  test('ends in an error when a row is wrong or the client gives up', async () => {
    const client = await server.raw();
    await client.query('DROP TABLE IF EXISTS copied_wrong; CREATE TABLE copied_wrong (i int)');
    const copy = async (...data: Buffer[]) => {
      client.send(say.query('COPY copied_wrong FROM STDIN'));
      await client.until('G');
      client.send(...data);
      return errorIn(await client.until('Z'));
    };
    expect(await copy(say.copyData('1\nx\n'), say.copyData('2\n'), say.copyDone())).toMatchObject({
      C: '22P02',
    });
    expect(await copy(say.copyData('1\n'), say.copyFail('no more'))).toMatchObject({
      C: '57014',
      M: 'COPY from stdin failed: no more',
    });
    expect(rowsIn(await client.query('SELECT count(*) FROM copied_wrong'))).toEqual([['0']]);
  });

  test('with a query in the middle ends the connection', async () => {
    const [client, other] = [await server.raw(), await server.raw()];
    await other.query('DROP TABLE IF EXISTS copied_badly; CREATE TABLE copied_badly (i int)');
    client.send(say.query('COPY copied_badly FROM STDIN'));
    await client.until('G');
    client.send(say.copyData('1\n'), say.query('SELECT 1'));
    expect(errorIn(await client.until('E'))).toMatchObject({
      C: '08P01',
      M: 'unexpected message type 0x51 during COPY from stdin',
    });
    await client.closed;
    expect(rowsIn(await other.query('SELECT count(*) FROM copied_badly'))).toEqual([['0']]);
  });

  test('of a client that vanishes in the middle leaves nothing behind', async () => {
    const [gone, other] = [await server.raw(), await server.raw()];
    await other.query('DROP TABLE IF EXISTS copied_half; CREATE TABLE copied_half (i int)');
    gone.send(say.query('COPY copied_half FROM STDIN'));
    await gone.until('G');
    gone.send(say.copyData('1\n2\n'));
    gone.socket.destroy();
    expect(rowsIn(await other.query('SELECT count(*) FROM copied_half'))).toEqual([['0']]);
  });

  test('COPY data without a COPY is overlooked', async () => {
    const client = await server.raw();
    client.send(say.copyData('1\n'), say.copyDone(), say.query('SELECT 1'));
    expect(await client.typesUntil('Z')).toBe('TDCZ');
  });
});

describe('LISTEN and NOTIFY', () => {
  test('a notification reaches all that listen, at commit, with its payload and the sender', async () => {
    const [sender, one, two] = [await server.raw(), await server.raw(), await server.raw()];
    await one.query('LISTEN "Some Channel"');
    await two.query('LISTEN "Some Channel"');
    await sender.query('BEGIN');
    await sender.query(`NOTIFY "Some Channel", 'first'`);
    await sender.query('ROLLBACK');
    await sender.query("BEGIN; SELECT pg_notify('Some Channel', 'second')");
    await sender.query('COMMIT');
    for (const listener of [one, two]) {
      const { type, body } = await listener.next();
      expect(type).toBe('A');
      expect(body.readInt32BE(0)).toBe(sender.pid);
      expect(body.toString('utf8', 4)).toBe('Some Channel\0second\0');
    }
  });

  test('a sender that listens hears itself before it is ready', async () => {
    const client = await server.raw();
    await client.query('LISTEN self');
    const answer = await client.query("NOTIFY self, 'me'");
    expect(answer.map(({ type }) => type).join('')).toBe('CAZ');
    expect(answer[1]?.body.readInt32BE(0)).toBe(client.pid);
  });

  test('LISTEN of a transaction or savepoint that is rolled back does not hold; UNLISTEN ends it for one', async () => {
    const [one, two] = [await server.raw(), await server.raw()];
    await one.query('BEGIN; LISTEN undone; ROLLBACK');
    await one.query('BEGIN; LISTEN kept; SAVEPOINT s; LISTEN undone; ROLLBACK TO s; COMMIT');
    await two.query('LISTEN kept');
    await two.query('UNLISTEN *');
    const answer = await two.query('NOTIFY undone; NOTIFY kept');
    expect(answer.map(({ type }) => type).join('')).toBe('CCZ');
    const { body } = await one.next();
    expect(body.toString('utf8', 4)).toBe('kept\0\0');
    expect((await one.query('SELECT 1')).map(({ type }) => type).join('')).toBe('TDCZ');
  });
});

describe('timeouts and cancel requests', () => {
  test('a statement that waits longer than statement_timeout or lock_timeout is cancelled', async () => {
    const [holder, waiting] = [await server.raw(), await server.raw()];
    await holder.query('DROP TABLE IF EXISTS locked; CREATE TABLE locked (i int)');
    await waiting.query("SET statement_timeout = '100ms'");
    await holder.query('BEGIN; LOCK TABLE locked');
    expect(errorIn(await waiting.query('SELECT * FROM locked'))).toMatchObject({
      C: '57014',
      M: 'canceling statement due to statement timeout',
    });
    await holder.query('COMMIT');
    await waiting.query("SET statement_timeout = 0; SET lock_timeout = '100ms'");
    await holder.query('BEGIN; LOCK TABLE locked');
    waiting.send(say.parse('', 'SELECT * FROM locked'), say.bind(''), say.execute(), say.sync());
    expect(errorIn(await waiting.until('Z'))).toMatchObject({
      C: '55P03',
      M: 'canceling statement due to lock timeout',
    });
    await holder.query('COMMIT');
    expect(rowsIn(await waiting.query('SELECT 1'))).toEqual([['1']]);
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
    const sql = server.driver({ max: 1 });
    const holder = await server.raw();
    await holder.query('DROP TABLE IF EXISTS held; CREATE TABLE held (i int)');
    await sql`SELECT 1`;
    await holder.query('BEGIN; LOCK TABLE held');
    const waiting = sql`SELECT * FROM held`.execute();
    const failure = expect(waiting).rejects.toMatchObject({ code: '57014' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    waiting.cancel();
    await failure;
    await holder.query('COMMIT');
    expect(await sql`SELECT count(*)::int AS count FROM held`).toEqual([{ count: 0 }]);
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
