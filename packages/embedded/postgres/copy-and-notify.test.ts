/** COPY, LISTEN and NOTIFY, on this server and on the real one that POSTGRES_URL names. */
import { describe, expect, test } from '@jest/globals';
import { errorIn, rowsIn, say } from './tests/raw-client.ts';
import { withServer } from './tests/with-server.ts';

const server = withServer({ real: true });
const tag = (body: Buffer) => body.toString('utf8', 0, body.length - 1);

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
