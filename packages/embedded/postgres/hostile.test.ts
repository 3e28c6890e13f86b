/** Clients that do not keep to the protocol, vanish, or come in crowds: only their own connection feels it. */
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import {
  errorFields,
  errorIn,
  openSocket,
  requestCancel,
  rowsIn,
  say,
  startupPacket,
} from './tests/raw-client.ts';
import { eventually, withServer } from './tests/with-server.ts';
import { frame, int32 } from './wire/messages.ts';

const server = withServer();
const port = () => server.embedded?.port as number;
const DAMAGED = 10_000;

/** What a bystander sees before, while and after others misbehave. */
async function expectUnharmed(misbehave: () => Promise<unknown>): Promise<void> {
  const bystander = await server.raw();
  await bystander.query("SET work_mem = '12MB'; PREPARE mine AS SELECT 'unharmed'");
  await misbehave();
  expect(rowsIn(await bystander.query('EXECUTE mine'))).toEqual([['unharmed']]);
  expect(rowsIn(await bystander.query('SHOW work_mem'))).toEqual([['12MB']]);
  expect(server.warnings).toEqual([]);
}

describe('before the start-up is over', () => {
  test.each([
    ['a length below its own', int32(3)],
    ['a length of 100 MB', int32(100 * 1024 * 1024)],
    ['a negative length', int32(-1)],
  ])('%s is refused', async (_, bytes) => {
    await expectUnharmed(async () => {
      const client = await openSocket(port());
      client.send(bytes);
      expect(errorIn(await client.until('E'))).toMatchObject({ S: 'FATAL', C: '08P01' });
      await client.closed;
    });
  });

  test('encryption is answered with no, and the start-up goes on', async () => {
    const socket = connect(port(), '127.0.0.1');
    const answers: Buffer[] = [];
    socket.on('data', (bytes) => answers.push(bytes));
    const ssl = Buffer.concat([int32(8), int32(80877103)]);
    const gss = Buffer.concat([int32(8), int32(80877104)]);
    socket.write(Buffer.concat([gss, ssl, startupPacket({ user: 'souk' })]));
    await eventually(() => Buffer.concat(answers).includes('Z'));
    expect(Buffer.concat(answers).toString('latin1', 0, 3)).toBe('NNR');
    socket.destroy();
  });

  test('another protocol, no user, and parameters without an end are refused', async () => {
    const refusal = async (packet: Buffer) => {
      const client = await openSocket(port());
      client.send(packet);
      return errorIn(await client.until('E'));
    };
    expect(await refusal(startupPacket({ user: 'souk' }, 2 << 16))).toMatchObject({ C: '0A000' });
    expect(await refusal(startupPacket({ database: 'souk' }))).toMatchObject({ C: '28000' });
    const packet = Buffer.concat([int32(15), int32(196608), Buffer.from('user\0so')]);
    expect(await refusal(packet)).toMatchObject({ C: '08P01' });
  });

  test('a later protocol and unknown options of it are negotiated down', async () => {
    const client = await openSocket(port());
    client.send(startupPacket({ user: 'souk', '_pq_.novelty': 'on' }, 196608 + 2));
    const [negotiation] = await client.until('Z');
    expect(negotiation?.type).toBe('v');
    expect(negotiation?.body.readInt32BE(0)).toBe(0);
    expect(negotiation?.body.toString('utf8', 8)).toBe('_pq_.novelty\0');
    client.socket.destroy();
  });

  test('a cancel request for nobody does nothing', async () => {
    await expectUnharmed(async () => {
      const bystander = await server.raw();
      await requestCancel({ ...bystander, pid: 1, secret: 2 });
      bystander.socket.destroy();
    });
  });
});

describe('after the start-up', () => {
  test.each([
    ['an unknown type', Buffer.from([1, 0, 0, 0, 4]), '08P01'],
    ['a length below its own', Buffer.from([0x51, 0, 0, 0, 3]), '08P01'],
    ['a Sync of 20 KB', Buffer.concat([Buffer.from('S'), int32(20_000)]), '08P01'],
    ['a query of 100 MB', Buffer.concat([Buffer.from('Q'), int32(100 * 1024 * 1024)]), '54000'],
  ])('%s ends the connection', async (_, bytes, code) => {
    await expectUnharmed(async () => {
      const client = await server.raw();
      client.send(bytes);
      expect(errorIn(await client.until('E'))).toMatchObject({ S: 'FATAL', C: code });
      await client.closed;
    });
  });

  test.each([
    ['a query without its end', frame('Q', Buffer.from('SELECT 1'))],
    ['a query that is no UTF-8', frame('Q', Buffer.from([0xff, 0xfe, 0]))],
    ['a parse without its end', frame('P', Buffer.from('name'))],
    ['a bind that promises more than it brings', frame('B', '', '', Buffer.from([0, 0, 0, 9]))],
    ['a describe of neither', frame('D', 'Xname')],
    ['a call of no function', frame('F', int32(0), Buffer.from([0, 0, 0, 0, 0, 0]))],
  ])('%s is an error, and the connection goes on', async (_, bytes) => {
    await expectUnharmed(async () => {
      const client = await server.raw();
      client.send(bytes, say.sync());
      expect(errorIn(await client.until('E')).S).toBe('ERROR');
      client.send(say.query("SELECT 'still here'"));
      expect(rowsIn([...(await client.until('C'))])).toEqual([['still here']]);
    });
  });

  test(`${DAMAGED} random and damaged messages on a few connections harm nobody`, async () => {
    const random = randomNumbers(7);
    const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
    const sane = [
      say.query('SELECT 1; SELECT 2'),
      say.query('BEGIN; SELECT 1/0'),
      say.query('COPY fuzzed FROM STDIN'),
      say.query('ROLLBACK'),
      say.parse('p', 'SELECT $1::int'),
      say.parse('', 'INSERT INTO fuzzed VALUES ($1)'),
      say.bind('p', ['1']),
      say.bind('', ['2'], 'portal'),
      say.describeStatement('p'),
      say.describePortal('portal'),
      say.execute(1, 'portal'),
      say.closeStatement('p'),
      say.copyData('1\n'),
      say.copyDone(),
      say.copyFail('enough'),
      say.flush(),
      say.sync(),
      say.sync(),
    ];
    const noise = (): Buffer => {
      const body = Buffer.from(Array.from({ length: random(12) }, () => random(256)));
      return frame(pick([...'QPBEDCSHFdcf']), body, Buffer.alloc(random(2)));
    };
    const damaged = (): Buffer => {
      const bytes = Buffer.from(pick(sane));
      // Beyond the head, or it would only end the connection: that is tried seldom.
      const from = random(200) === 0 ? 0 : 5;
      if (bytes.length > from) bytes[from + random(bytes.length - from)] = random(256);
      return bytes;
    };
    await expectUnharmed(async () => {
      await (await server.raw()).query('CREATE TABLE fuzzed (i int)');
      const clients = await Promise.all(Array.from({ length: 8 }, () => server.raw()));
      for (let sent = 0; sent < DAMAGED; sent++) {
        const at = random(clients.length);
        if (clients[at]?.socket.closed || random(300) === 0) {
          clients[at]?.socket.destroy();
          clients[at] = await server.raw();
        }
        clients[at]?.send(random(3) === 0 ? noise() : random(2) ? damaged() : pick(sane));
        if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      for (const { socket } of clients) socket.destroy();
    });
  });

  test('random bytes instead of a start-up harm nobody', async () => {
    const random = randomNumbers(11);
    await expectUnharmed(async () => {
      const sockets = Array.from({ length: 50 }, () => {
        const socket = connect(port(), '127.0.0.1');
        // Being cut off is what it deserves.
        socket.on('error', () => {});
        socket.write(Buffer.from(Array.from({ length: 200 }, () => random(256))));
        return socket;
      });
      await Promise.all(
        sockets.map(
          (socket) =>
            new Promise((resolve) =>
              socket
                .on('close', resolve)
                .on('data', () => socket.end())
                .setTimeout(500, () => socket.destroy()),
            ),
        ),
      );
    });
  });
});

describe('clients that vanish', () => {
  test('in the middle of anything', async () => {
    await expectUnharmed(async () => {
      const middles = [
        say.query('SELECT generate_series(1, 500000)'),
        say.query('BEGIN; SELECT 1/0'),
        say.query('COPY (SELECT generate_series(1, 200000)) TO STDOUT'),
        Buffer.concat([say.parse('', 'SELECT 1'), say.bind('')]),
        Buffer.concat([say.parse('', 'SELECT 1'), say.bind(''), say.execute(), say.flush()]),
        Buffer.concat([say.parse('', 'SELEC'), say.flush()]),
        say.query('SELECT 1').subarray(0, 7),
        say.query('LISTEN gone'),
      ];
      for (const middle of middles) {
        const client = await server.raw();
        client.send(middle);
        await new Promise((resolve) => setImmediate(resolve));
        client.socket.destroy();
      }
      const after = await server.raw();
      expect(rowsIn(await after.query("NOTIFY gone; SELECT 'free'"))).toEqual([['free']]);
    });
  });

  test('their statements and settings go with them', async () => {
    for (let i = 0; i < 30; i++) {
      const client = await server.raw();
      client.send(say.query(`SET work_mem = '${100 + i}kB'`), say.parse('left', 'SELECT 1'), say.sync());
      await client.until('Z');
      client.socket.destroy();
    }
    const client = await server.raw();
    expect(rowsIn(await client.query('SHOW work_mem'))).toEqual([['4MB']]);
  });
});

describe('a crowd', () => {
  // Nobody of the tests before lingers on this one.
  const fresh = withServer();

  test('more connections than there may be are told so', async () => {
    const clients = await Promise.all(
      Array.from({ length: 101 }, () => openSocket(fresh.embedded?.port as number)),
    );
    const answers = await Promise.all(
      clients.map(async (client) => {
        client.send(startupPacket({ user: 'souk', database: 'souk' }));
        const { type, body } = await client.next();
        return type === 'E' ? errorFields(body) : type;
      }),
    );
    const refusals = answers.filter((answer) => answer !== 'R');
    expect(refusals).toEqual([
      expect.objectContaining({ S: 'FATAL', C: '53300', M: 'sorry, too many clients already' }),
    ]);
    for (const { socket } of clients) socket.destroy();
  });
});

/** The same numbers each time: a failure can be found again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
