/** Clients that read late, or send little by little: they get all that they asked for, and nobody waits for them. */
import { describe, expect, test } from '@jest/globals';
import { rowsIn, say } from './tests/raw-client.ts';
import { withServer } from './tests/with-server.ts';

const server = withServer();

describe('clients that do not read', () => {
  test('hold up nobody while their results are small, and get them all later', async () => {
    const [slow, other] = [await server.raw(), await server.raw()];
    slow.socket.pause();
    // At once, so that all of them come to the engine together.
    slow.send(...Array.from({ length: 200 }, () => say.query("SELECT repeat('x', 100000)")));
    expect(rowsIn(await other.query("SELECT 'quick'"))).toEqual([['quick']]);
    slow.socket.resume();
    for (let i = 0; i < 200; i++) expect(await slow.typesUntil('Z')).toBe('TDCZ');
  });

  test('have windows of their own: many of them hold up no large result of another', async () => {
    const other = await server.raw();
    const crowd = await Promise.all(Array.from({ length: 12 }, () => server.raw()));
    for (const slow of crowd) {
      slow.socket.pause();
      slow.send(say.query("SELECT repeat('x', 3900000)"));
    }
    const large = "SELECT repeat('y', 1000) FROM generate_series(1, 6000)";
    expect((await other.query(large)).filter(({ type }) => type === 'D')).toHaveLength(6000);
    for (const slow of crowd) slow.socket.resume();
    for (const slow of crowd) expect(await slow.typesUntil('Z')).toBe('TDCZ');
  });

  test('a result larger than any buffer arrives whole', async () => {
    const client = await server.raw();
    const answer = await client.query("SELECT g, repeat('y', 1000) FROM generate_series(1, 40000) g");
    expect(answer.filter(({ type }) => type === 'D')).toHaveLength(40_000);
    expect(rowsIn(answer.slice(-3))[0]?.[0]).toBe('40000');
  });

  test('a message in very small pieces is understood', async () => {
    const client = await server.raw();
    for (const byte of say.query("SELECT 'piecemeal'")) {
      client.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(rowsIn(await client.until('Z'))).toEqual([['piecemeal']]);
  });

  test('a statement of many megabytes, and units that never end, are taken', async () => {
    const client = await server.raw();
    const answer = await client.query(`SELECT length('${'z'.repeat(5_000_000)}')`);
    expect(rowsIn(answer)).toEqual([['5000000']]);
    const binds = Array.from({ length: 300 }, () =>
      Buffer.concat([say.bind('long', ['w'.repeat(10_000)]), say.execute()]),
    );
    client.send(say.parse('long', 'SELECT length($1)'), ...binds, say.sync());
    const types = await client.typesUntil('Z');
    expect(types).toBe(`1${'2DC'.repeat(300)}Z`);
  });
});
