/** The router as a process, and its clients: those that dawdle, and those that ask all the time while it changes or stops. */
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Agent } from 'undici';
import { ask, BOOKS, type LibraryProcesses, RATED, startLibrary } from './library-processes.ts';
import { schemas } from './toy/schemas.ts';
import { until } from './toy/until.ts';

const { SOUK_LONG_TESTS } = process.env;
const CHANGES = SOUK_LONG_TESTS ? 10 : 3;
const BETWEEN_CHANGES = SOUK_LONG_TESTS ? 40 : 16;

let library: LibraryProcesses;
beforeAll(async () => {
  library = await startLibrary();
});
afterEach(() => library.reset());
afterAll(() => library.stop());

describe('a client', () => {
  /** What comes back on a connection until it is closed. */
  function talk(url: string, begin: string, drip = ''): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      let told = '';
      const dripping = setInterval(() => drip !== '' && socket.write(drip), 50);
      socket.on('data', (chunk) => {
        told += chunk.toString();
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(dripping);
        resolve(told);
      });
      socket.write(begin);
    });
  }

  test('that dawdles or sends too much is cut off, and in nobody else’s way', async () => {
    const { url } = await library.startRouter({ ROUTER_REQUEST_TIMEOUT_MS: '500', ROUTER_MAX_BODY_KB: '1' });
    const head = 'POST /graphql HTTP/1.1\r\nhost: a\r\n';
    const slow = [
      talk(url, head),
      talk(url, head, 'x-a: b\r\n'),
      talk(url, `${head}content-type: application/json\r\ncontent-length: 900\r\n\r\n{`, ' '),
    ];
    expect((await ask(url)).data).toEqual(RATED);
    for (const told of await Promise.all(slow)) {
      expect(told).toMatch(/^HTTP\/1.1 408 [\s\S]*did not arrive in time/);
    }
    expect(await talk(url, `${head}x-a: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 [\s\S]*16 KB/,
    );
    expect(await talk(url, 'HELO\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    const large = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `#${'x'.repeat(2_000)}` }),
    });
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('larger than 1 KB')]);
    expect((await ask(url)).data).toEqual(RATED);
  });
});

test('a client that does not read its answer is not waited for', async () => {
  const { url, figures } = await library.startRouter({
    // Enough for the answer to be made, on a busy machine too: until then the connection is as still.
    ROUTER_STALL_TIMEOUT_MS: '2000',
    ROUTER_SUBGRAPH_ANSWER_MB: '32',
  });
  // More than fits into the buffers between the two.
  await library.behave('large');
  const body = JSON.stringify({ query: '{ books { ratings { id } } }' });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  let [read, announced] = [0, 0];
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    if (read === 0) announced = Number(/content-length: (\d+)/.exec(chunk.toString())![1]);
    read += chunk.length;
    if (read === chunk.length) socket.pause();
  });
  const head = 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
  socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`);
  const connections = async () =>
    Number(/nodejs_active_resources{type="TCPSocketWrap"} (\d+)/.exec(await figures())?.[1] ?? 0);
  await until(() => read > 0);
  const before = await connections();
  await until(async () => (await connections()) < before);
  socket.resume();
  await closed;
  expect(read).toBeLessThan(announced);
});

describe('under load', () => {
  /** Asks all the time on kept connections, until told to stop or until the door is closed. */
  function load(url: string, clients: number) {
    const agent = new Agent({ connections: clients, pipelining: 1 });
    const told: { answered: number; wrong: unknown[]; lost: string[] } = { answered: 0, wrong: [], lost: [] };
    let going = true;
    const client = async () => {
      while (going) {
        try {
          const { status, data, errors } = await ask(url, BOOKS, agent);
          if (status === 200 && errors === undefined && JSON.stringify(data) === JSON.stringify(RATED))
            told.answered++;
          else told.wrong.push({ status, data, errors });
        } catch (error) {
          const { cause } = error as { cause?: { code?: string; message?: string } };
          // A port that is closed took no request: the client goes to another replica. Anything else is a loss.
          if (cause?.code !== 'ECONNREFUSED') told.lost.push(`${cause?.code} ${cause?.message}`);
          return;
        }
      }
    };
    const done = Promise.all(Array.from({ length: clients }, client));
    return {
      told,
      done,
      stop: async () => {
        going = false;
        await done;
        await agent.close();
      },
    };
  }

  test(
    'a supergraph that changes again and again loses no request, and a broken one changes nothing',
    async () => {
      const { router, url } = await library.startRouter({ SOUK_LOG_LEVEL: 'info' });
      const { told, stop } = load(url, 4);
      const more = async () => {
        const enough = told.answered + BETWEEN_CHANGES;
        await until(() => told.answered >= enough);
      };
      for (let change = 1; change <= CHANGES; change++) {
        await more();
        const aged = schemas.people.replace('mood: Mood', `mood: Mood\n    age${change}: Int`);
        await library.writeSupergraph(aged);
        await until(() => router.output().split('A new supergraph is served').length === change + 1);
      }
      await library.breakSupergraph();
      await router.says('The new supergraph is refused');
      await more();
      await stop();
      expect({ wrong: told.wrong, lost: told.lost }).toEqual({ wrong: [], lost: [] });
      expect((await ask(url, '{ __type(name: "Person") { fields { name } } }')).data).toMatchObject({
        __type: { fields: expect.arrayContaining([{ name: `age${CHANGES}` }]) },
      });
    },
    SOUK_LONG_TESTS ? 120_000 : 30_000,
  );

  test('a stop loses no request: those that came are answered, the others find the port closed', async () => {
    const { router, url } = await library.startRouter();
    const { told, done } = load(url, 8);
    await until(() => told.answered > 50);
    router.process.kill('SIGTERM');
    await done;
    expect({ wrong: told.wrong, lost: told.lost }).toEqual({ wrong: [], lost: [] });
    expect(await router.ended).toBe(0);
  });
});
