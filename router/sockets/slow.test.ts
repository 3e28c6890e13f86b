/** Clients that stop reading: they are cut off with a word on where to go on, and cost the others nothing. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Client, type LiveDoor, openLiveDoor } from '../tests/toy/live-door.ts';
import { until } from '../tests/toy/until.ts';

const { SOUK_LONG_TESTS } = process.env;
const MANY = SOUK_LONG_TESTS ? 5_000 : 300;
const NOT_LIMITED = { maxPerAddress: 0, maxSockets: 20_000 };
const LIGHT = 'subscription { published { cursor } }';
const HEAVY = 'subscription { published { text } }';

let door: LiveDoor;
beforeEach(async () => {
  door = await openLiveDoor({
    sockets: { ...NOT_LIMITED, maxBufferedBytes: 100_000, closeWithinMs: 500 },
  });
});
afterEach(() => door.close());

const running = () => door.metric('souk_router_subscriptions');
const cutOffs = () => door.metric('souk_router_connections_closed_total', { why: 'slow consumer' });
const publish = () => door.news.publish('x'.repeat(200_000));

async function followers(count: number, ...queries: string[]): Promise<Client[]> {
  const before = await running();
  const clients: Client[] = [];
  while (clients.length < count) {
    const more = Math.min(100, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: more }, () => door.connect()))));
  }
  for (const client of clients) {
    for (const [index, query] of queries.entries()) client.subscribe(`${index}`, query);
  }
  await until(async () => (await running()) === before + count * queries.length, 60_000);
  return clients;
}

test('Who does not read is cut off: told where to go on if it reads again, gone if it never does', async () => {
  const [stuck, late] = (await followers(2, HEAVY)) as [Client, Client];
  for (const { ws } of [stuck, late]) ws.pause();
  // The kernel keeps some megabytes, and only then do we.
  await until(() => publish() !== '' && door.news.upstreams() === 0);
  late.ws.resume();
  const { payload } = await late.next('error');
  const last = late.heard.filter(({ type }) => type === 'next').at(-1)!.payload;
  const { cursor } = (last as { extensions: { cursor: string } }).extensions;
  expect(payload).toMatchObject([{ extensions: { code: 'SLOW_CONSUMER', cursor } }]);
  expect(await late.closed).toEqual({ code: 4413, reason: `Slow consumer: go on after ${cursor}` });
  // The other one's close waits in a buffer that nobody empties.
  await until(async () => (await cutOffs()) === 2);
  expect(await door.metric('souk_router_connections')).toBe(0);

  const again = await door.connect();
  again.subscribe('1', LIGHT, { extensions: { after: cursor } });
  const next = `c${Number(cursor.slice(1)) + 1}`;
  expect((await again.next('next')).payload).toMatchObject({ data: { published: { cursor: next } } });
});

test(
  `Some that are stuck among ${MANY} cost the others nothing`,
  async () => {
    const reading = await followers(MANY - 5, LIGHT);
    const stuck = await followers(5, LIGHT, HEAVY);
    for (const { ws } of stuck) ws.pause();
    const published: string[] = [];
    while ((await running()) > reading.length) {
      published.push(publish());
      const heard = () => reading.every((client) => client.heard.length > published.length);
      await until(heard, 60_000);
    }
    const cursors = (client: Client) =>
      client.heard.slice(1).map(({ payload }) => (payload as { data: { published: object } }).data.published);
    for (const client of reading) expect(cursors(client)).toEqual(published.map((cursor) => ({ cursor })));
    expect(await door.metric('souk_router_connections')).toBeGreaterThanOrEqual(reading.length);
    expect(await door.metric('souk_router_connections_closed_total', { why: 'lost' })).toBe(0);
  },
  SOUK_LONG_TESTS ? 300_000 : 30_000,
);
