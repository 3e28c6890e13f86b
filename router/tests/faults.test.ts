/** What the router stands up to, as a process over processes: subgraphs that fail or are killed, more than it can do. */
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, type LibraryProcesses, RATED, startLibrary, type Told, UNRATED } from './library-processes.ts';
import type { Running } from './router-process.ts';
import { until } from './toy/until.ts';

let library: LibraryProcesses;
beforeAll(async () => {
  library = await startLibrary();
});
afterEach(() => library.reset());
afterAll(() => library.stop());

const codeOf = ({ errors }: Told) => errors?.[0]?.extensions.code;

async function peakMegabytes({ process: { pid } }: Running): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024;
}

describe('a subgraph that fails', () => {
  test('in whatever way blanks its own fields with its name, and is used again when it is well', async () => {
    const { url } = await library.startRouter({
      // Others than the silent one answer well within it, on a busy machine too.
      ROUTER_SUBGRAPH_TIMEOUTS: 'ratings=1500',
      ROUTER_SUBGRAPH_ANSWER_MB: '4',
      ROUTER_BREAKER_PERCENT: '0',
    });
    for (const [how, code, message] of [
      ['silent', 'SUBGRAPH_TIMEOUT', 'did not answer within 1.5 s'],
      ['garbage', 'SUBGRAPH_UNAVAILABLE', 'is not GraphQL'],
      ['half', 'SUBGRAPH_UNAVAILABLE', 'cannot be reached'],
      ['otherwise', 'SUBGRAPH_UNAVAILABLE', 'is not GraphQL'],
      ['huge', 'SUBGRAPH_UNAVAILABLE', 'is too large'],
      ['announced', 'SUBGRAPH_UNAVAILABLE', 'is too large'],
    ]) {
      await library.behave(how!);
      const told = await ask(url);
      expect({ how, ...told }).toMatchObject({
        how,
        status: 200,
        data: UNRATED,
        errors: [{ message: expect.stringContaining(message!), extensions: { code, service: 'ratings' } }],
      });
      await library.behave('well');
      expect((await ask(url)).data).toEqual(RATED);
    }
  });

  test('with answers of 500 MB, many at once, takes no more memory than it may', async () => {
    const { router, url } = await library.startRouter({
      ROUTER_SUBGRAPH_ANSWER_MB: '4',
      ROUTER_BREAKER_PERCENT: '0',
    });
    await ask(url);
    const before = await peakMegabytes(router);
    await library.behave('huge');
    for (let round = 0; round < 3; round++) {
      const told = await Promise.all(Array.from({ length: 16 }, () => ask(url)));
      expect(new Set(told.map(codeOf))).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']));
    }
    // Sixteen answers of 4 MB, their copies and what is not yet collected of the round before.
    expect((await peakMegabytes(router)) - before).toBeLessThan(250);
  });

  test('is left alone when it was killed, and asked again when it is back', async () => {
    const { router, url, figures } = await library.startRouter({ ROUTER_BREAKER_OPEN_MS: '300' });
    expect((await ask(url)).data).toEqual(RATED);
    library.ratings.process.kill('SIGKILL');
    await library.ratings.ended;
    const told = await Promise.all(Array.from({ length: 30 }, () => ask(url)));
    for (const one of told) expect(one).toMatchObject({ status: 200, data: UNRATED });
    expect(told.map(codeOf)).toContain('SUBGRAPH_UNAVAILABLE');
    expect(router.output()).toContain('"fault":"unreachable"');
    // Now and then one is let through, to see whether it is back.
    let next: Told | undefined;
    await until(async () => {
      next = await ask(url);
      return codeOf(next) === 'SUBGRAPH_CIRCUIT_OPEN';
    });
    expect(next).toMatchObject({
      data: UNRATED,
      errors: [{ message: expect.stringContaining('left alone') }],
    });
    expect(await figures()).toMatch(/souk_router_circuit_state{subgraph="ratings",service="router"} [12]/);
    expect(await figures()).toMatch(/subgraph="ratings",outcome="circuit open"} [1-9]/);
    // Others are none the worse.
    expect((await ask(url, '{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });

    await library.restartRatings();
    await until(async () => (await ask(url)).errors === undefined);
    expect(await figures()).toMatch(/souk_router_circuit_state{subgraph="ratings",service="router"} 0/);
  });
});

describe('more requests than there is room for', () => {
  test('are asked to come back at once; those that run or wait are answered', async () => {
    const { url, figures } = await library.startRouter({
      ROUTER_MAX_RUNNING: '4',
      ROUTER_MAX_WAITING: '6',
      ROUTER_MAX_WAIT_MS: '30000',
    });
    await library.behave('hold');
    const answers: Told[] = [];
    const asked = Array.from({ length: 40 }, () => ask(url).then((told) => answers.push(told)));
    await until(() => answers.length === 30);
    for (const { status, headers, errors } of answers) {
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
      expect(errors![0]!.extensions.code).toBe('SERVICE_UNAVAILABLE');
    }
    expect(await figures()).toMatch(/souk_router_requests{state="waiting",service="router"} 6/);
    await library.behave('well');
    await Promise.all(asked);
    expect(answers.slice(30).map(({ data }) => data)).toEqual(Array(10).fill(RATED));
  });

  test('are asked to come back when they have waited too long', async () => {
    const { url, figures } = await library.startRouter({
      ROUTER_MAX_RUNNING: '1',
      ROUTER_MAX_WAIT_MS: '200',
    });
    await library.behave('hold');
    const first = ask(url);
    await until(async () =>
      (await figures()).includes('souk_router_requests{state="running",service="router"} 1'),
    );
    expect((await ask(url)).status).toBe(503);
    await library.behave('well');
    expect((await first).data).toEqual(RATED);
  });
});
