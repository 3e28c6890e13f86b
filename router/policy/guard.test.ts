/** How often somebody may ask, through the router, and what holds while Redis is away. */
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createHealth } from '@souk/kit/http/health';
import { type CutProxy, cutProxy } from '@souk/kit/tests/cut-proxy';
import { REDIS_URL, withRedis } from '@souk/kit/tests/stores';
import { codesOf, send, type Told } from '../tests/toy/ask.ts';
import { createIssuer, type Issuer } from '../tests/toy/issuer.ts';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';
import { until } from '../tests/toy/until.ts';
import type { GuardOptions } from './guard.ts';

let issuer: Issuer;
let running: ToyRouter[] = [];
/** Nobody else's, also in a Redis that others use. */
let lastAddress = Math.floor(Math.random() * 2 ** 20);

beforeAll(async () => {
  issuer = await createIssuer();
});
afterEach(async () => {
  await Promise.all(running.map(({ router }) => router.stop()));
  running = [];
});

function freshAddress(): string {
  lastAddress += 1;
  return `2001:db8:${(lastAddress >> 16).toString(16)}:${(lastAddress & 0xffff).toString(16)}::1`;
}

async function start(options: GuardOptions = {}): Promise<ToyRouter> {
  const toy = await startToyRouter({
    tokens: issuer.options,
    rates: { perAddress: 3, perViewer: 5 },
    ...options,
  });
  running.push(toy);
  return toy;
}

const ask = (
  toy: ToyRouter,
  ip: string,
  headers: Record<string, string> = {},
  body = '{"query":"{ me { name } }"}',
) => send(toy.handler, { ip, headers, body });

async function askMany(
  toy: ToyRouter,
  times: number,
  ip: string,
  headers?: Record<string, string>,
): Promise<Told[]> {
  const told: Told[] = [];
  for (let index = 0; index < times; index++) told.push(await ask(toy, ip, headers));
  return told;
}

const statuses = (told: Told[]) => told.map(({ status }) => status);

describe('a guest', () => {
  test('is told with each answer what is left, and then when to come again', async () => {
    const toy = await start();
    const told = await askMany(toy, 4, freshAddress());
    expect(statuses(told)).toEqual([200, 200, 200, 429]);
    expect(told[0]!.headers).toMatchObject({
      'ratelimit-limit': '3',
      'ratelimit-remaining': '2',
      'ratelimit-policy': '3;w=60',
    });
    const { headers, errors } = told[3]!;
    expect(headers['ratelimit-remaining']).toBe('0');
    expect(headers['retry-after']).toBe(headers['ratelimit-reset']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(errors).toEqual([
      {
        message: `More than 3 requests in a minute; try again in ${headers['retry-after']} s`,
        extensions: { code: 'RATE_LIMITED' },
      },
    ]);
    expect(toy.library.people.requests).toHaveLength(3);
    expect(await toy.router.metrics.registry.metrics()).toContain(
      'rate_limited_total{by="address",service="router"} 1',
    );
  });

  test('shares the allowance of their network, and of nobody else', async () => {
    const toy = await start();
    const [one, other] = [freshAddress(), freshAddress()];
    await askMany(toy, 3, one);
    expect((await ask(toy, one.replace('::1', '::2'))).status).toBe(429);
    expect((await ask(toy, other)).status).toBe(200);
  });

  test('uses it up by requests that are no good, too', async () => {
    const toy = await start();
    const ip = freshAddress();
    const bad = { authorization: 'Bearer a.b.c' };
    expect(
      statuses([await ask(toy, ip, bad), await ask(toy, ip, {}, '{'), await ask(toy, ip, {}, '{}')]),
    ).toEqual([401, 400, 400]);
    const told = await ask(toy, ip, bad);
    expect([told.status, codesOf(told)]).toEqual([429, ['RATE_LIMITED']]);
  });

  test('is not somebody else by a header that anyone can write', async () => {
    const toy = await start();
    const ip = freshAddress();
    await askMany(toy, 3, ip);
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'true-client-ip']) {
      expect((await ask(toy, ip, { [name]: freshAddress() })).status).toBe(429);
    }
  });

  test('is told apart behind a proxy that is trusted', async () => {
    const toy = await start({ trustedProxies: ['10.0.0.0/8'] });
    const behind = freshAddress();
    const told = [];
    for (let index = 0; index < 4; index++) {
      told.push(await ask(toy, '10.0.0.9', { 'x-forwarded-for': `${freshAddress()}, ${behind}` }));
    }
    expect(statuses(told)).toEqual([200, 200, 200, 429]);
    expect((await ask(toy, '10.0.0.9', { 'x-forwarded-for': freshAddress() })).status).toBe(200);
  });
});

describe('somebody who is signed in', () => {
  test('has an allowance of their own, wherever they ask from', async () => {
    const toy = await start();
    const sub = `u${freshAddress()}`;
    const headers = await issuer.bearer('', { sub });
    const ip = freshAddress();
    await askMany(toy, 3, ip);
    expect(statuses(await askMany(toy, 5, ip, headers))).toEqual([200, 200, 200, 200, 200]);
    expect((await ask(toy, freshAddress(), headers)).status).toBe(429);
    expect((await ask(toy, ip, await issuer.bearer('', { sub: `${sub}x` }))).status).toBe(200);
  });

  test('with an API key is not the user of the same name', async () => {
    const toy = await start();
    const id = `k${freshAddress()}`;
    const ip = freshAddress();
    await askMany(toy, 5, ip, await issuer.bearer('', { sub: id }));
    expect((await ask(toy, ip, await issuer.bearer('', { sub: id, client_id: id }))).status).toBe(200);
  });
});

test('A limit of 0 limits nobody, and without rates there are no headers either', async () => {
  const toy = await start({ rates: { perAddress: 0, perViewer: 1 } });
  expect(statuses(await askMany(toy, 5, freshAddress()))).toEqual([200, 200, 200, 200, 200]);
  const free = await startToyRouter();
  running.push(free);
  expect((await ask(free, '1.2.3.4')).headers['ratelimit-limit']).toBeUndefined();
});

withRedis('Several routers', () => {
  let proxy: CutProxy;
  afterEach(() => proxy?.close());

  test('count together', async () => {
    proxy = await cutProxy(REDIS_URL!);
    const [one, two] = await Promise.all(
      [1, 2].map(() => start({ redisUrl: proxy.url, rates: { perAddress: 200, perViewer: 0 } })),
    );
    const ip = freshAddress();
    await until(
      async () => (await healthOf(one!)).status === 'ready' && (await healthOf(two!)).status === 'ready',
    );
    await askMany(one!, 199, ip);
    // The other hears of it as it tells of its own first requests.
    await until(async () => (await ask(two!, ip)).status === 429);
    expect(two!.library.people.requests.length).toBeLessThan(150);
    await until(async () => (await ask(one!, ip)).status === 429);
  });

  test('limit each by itself while Redis is away, and say so', async () => {
    proxy = await cutProxy(REDIS_URL!);
    const revocations = { channel: 'toy:revocations', stream: 'toy:revocations:recent' };
    const toy = await start({ redisUrl: proxy.url, revocations });
    await until(async () => (await healthOf(toy)).status === 'ready');
    expect((await healthOf(toy)).checks).toEqual({ 'rate limit': 'up', revocations: 'up' });
    await proxy.close();
    proxy.cut('reset');
    await until(async () => (await healthOf(toy)).status === 'degraded');
    expect(await healthOf(toy)).toEqual({
      http: 200,
      status: 'degraded',
      checks: { 'rate limit': 'down', revocations: 'down' },
    });
    expect(await toy.router.metrics.registry.metrics()).toContain(
      'souk_router_revocations_heard{service="router"} 0',
    );
    const ip = freshAddress();
    expect(statuses(await askMany(toy, 4, ip))).toEqual([200, 200, 200, 429]);
    expect((await ask(toy, ip, await issuer.bearer())).status).toBe(200);
  });
});

async function healthOf({ router }: ToyRouter) {
  const { status: http, body } = await createHealth(router.checks).ready();
  return { http, ...JSON.parse(String(body)) } as { http: number; status: string; checks: object };
}
