import { describe, expect, jest, test } from '@jest/globals';
import { createHealth } from './health.ts';

const bodyOf = ({ body }: { body: Buffer | string }) => JSON.parse(String(body));

describe('readiness', () => {
  test('says which store is away, and nothing about why', async () => {
    const health = createHealth({
      postgres: async () => {},
      redis: () => Promise.reject(new Error('password rejected')),
    });
    const answer = await health.ready();
    expect(answer.status).toBe(503);
    expect(bodyOf(answer)).toEqual({ status: 'not ready', checks: { postgres: 'up', redis: 'down' } });
  });

  test('stays when nothing but a lesser one is away, and says so', async () => {
    const away = () => Promise.reject(new Error('away'));
    const lesser = { lesser: away };
    const answer = await createHealth({ postgres: async () => {}, redis: lesser }).ready();
    expect([answer.status, bodyOf(answer)]).toEqual([
      200,
      { status: 'degraded', checks: { postgres: 'up', redis: 'down' } },
    ]);
    expect((await createHealth({ postgres: away, redis: lesser }).ready()).status).toBe(503);
  });

  test('comes back with the store', async () => {
    let isUp = false;
    let now = 0;
    const check = async () => {
      if (!isUp) throw new Error('away');
    };
    const health = createHealth({ mongodb: check }, () => now);
    expect((await health.ready()).status).toBe(503);
    isUp = true;
    now = 1_000;
    expect((await health.ready()).status).toBe(200);
  });

  test('asks the stores once a second however often it is asked', async () => {
    let now = 0;
    const check = jest.fn(async () => {});
    const health = createHealth({ mongodb: check }, () => now);
    await Promise.all([health.ready(), health.ready()]);
    now = 999;
    await health.ready();
    expect(check).toHaveBeenCalledTimes(1);
    now = 1_000;
    await health.ready();
    expect(check).toHaveBeenCalledTimes(2);
  });

  test('does not wait for a store that does not answer', async () => {
    jest.useFakeTimers();
    try {
      const asked = createHealth({ mongodb: () => new Promise(() => {}) }).ready();
      await jest.advanceTimersByTimeAsync(2_000);
      expect((await asked).status).toBe(503);
    } finally {
      jest.useRealTimers();
    }
  });

  test('ends with the stop, while the process still lives', async () => {
    const health = createHealth({});
    expect((await health.ready()).status).toBe(200);
    health.stopping();
    expect(bodyOf(await health.ready())).toEqual({ status: 'stopping' });
    expect(health.live().status).toBe(200);
  });
});
