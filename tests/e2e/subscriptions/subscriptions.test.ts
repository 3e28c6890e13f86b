/** Every registered subscription over a real socket: what it tells, what it costs, and that a cut wire misses nothing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLog } from '@souk/kit/observe/log';
import { until } from '@souk/kit/tests/until';
import { createRandom } from '../../../demo/random.ts';
import { makeLively } from '../../../start/lively.ts';
import { budgetedOperations } from '../../contract/registered.ts';
import type { Client } from '../client.ts';
import { type Frame, type LiveWire, openWire, type Subscribing, take } from './live-wire.ts';
import { openSmallShop, type SmallShop, storesOf } from './small-shop.ts';
import { done, editTitle, STORIES } from './stories.ts';

const LIVELY_STARTS = process.env.SOUK_LONG_TESTS ? 6 : 3;

let shop: SmallShop;
beforeAll(async () => {
  shop = await openSmallShop();
}, 60_000);
afterAll(() => shop?.close());

const subscriptions = new Map(
  budgetedOperations()
    .filter(({ kind }) => kind === 'subscription')
    .map((operation) => [`${operation.client}/${operation.name}`, operation]),
);

/** Taken up by its room, so that what happens from now on is told. */
async function follow(client: Client, asked: Subscribing): Promise<LiveWire> {
  const before = shop.figures.subscribed;
  const wire = openWire(shop.url, client, asked);
  await until(async () => shop.figures.subscribed > before);
  return wire;
}

test('Each registered subscription is followed here', () => {
  const own = ['admin/ProductImportProgress', 'storefront/PrivacyRequestProgress'];
  expect([...subscriptions.keys()].sort()).toEqual([...Object.keys(STORIES), ...own].sort());
});

describe.each(Object.entries(STORIES))('%s', (key, story) => {
  const { text: query, budget } = subscriptions.get(key)!;

  test('tells what happens across domains, and misses nothing while its wire is cut', async () => {
    const client = await shop.as(budget!.as);
    const { variables, happen } = story(shop);
    const asked = { query, variables };
    const live = await follow(client, asked);
    const fetches: number[] = [];
    const told: Frame[] = [];
    for (let count = 0; count < 2; count++) {
      const before = shop.figures.entityFetches;
      const expected = await happen();
      told.push(await live.next());
      fetches.push(shop.figures.entityFetches - before);
      expect(told.at(-1)).toMatchObject({ data: expected });
    }
    live.cut();
    await happen();
    await happen();

    // By the argument, and by the extension that leaves the operation as it is.
    const [first, second] = told.map(({ extensions }) => extensions!.cursor);
    const resumed = [
      openWire(shop.url, client, { query, variables: { ...variables, after: first } }),
      openWire(shop.url, client, { ...asked, extensions: { after: first } }),
    ];
    const caughtUp = await Promise.all(resumed.map((wire) => take(wire, 3)));
    const expected = await happen();
    for (const [index, wire] of resumed.entries()) {
      const frames = [...caughtUp[index]!, await wire.next()];
      const cursors = frames.map(({ extensions }) => extensions!.cursor);
      expect(cursors[0]).toBe(second);
      expect(new Set([first, ...cursors]).size).toBe(5);
      expect(cursors).toEqual(cursors.toSorted());
      expect(frames.at(-1)).toMatchObject({ data: expected });
      wire.cut();
    }
    // One of its fetches is the subscription itself.
    expect(fetches).toEqual([budget!.subgraphFetches - 1, budget!.subgraphFetches - 1]);
  });
});

test('A product outside of the shop is followed by staff alone', async () => {
  const query = `subscription ($productIds: [ID!]!, $includeDrafts: Boolean) {
    productChanged(productIds: $productIds, includeDrafts: $includeDrafts) { change product { title } } }`;
  const manager = await shop.as('catalog manager');
  const input = {
    title: 'Oil lamp',
    description: 'Light of old.',
    categoryIds: [],
    variants: [{ sku: 'OIL', options: [] }],
  };
  const { product } = await done(
    manager,
    'productCreate',
    'ProductCreateInput',
    input,
    'product { id version }',
  );
  const variables = { productIds: [product.id] };
  const everybody = await follow(await shop.as(), { query, variables });
  const drafts = { query, variables: { ...variables, includeDrafts: true } };
  const staff = await follow(manager, drafts);
  const refused = openWire(shop.url, await shop.as(), drafts);
  await expect(refused.next()).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);

  let isTold = false;
  const told = everybody.next().then(
    () => {
      isTold = true;
    },
    () => {
      // Cut, as it should be: it waits in vain.
    },
  );
  for (const title of ['Oil lamp, secret', 'Oil lamp, renamed']) {
    await editTitle(shop, product.id, title);
    expect((await staff.next()).data.productChanged).toEqual({ change: 'EDITED', product: { title } });
  }
  expect(isTold).toBe(false);
  for (const wire of [everybody, staff, refused]) wire.cut();
  await told;
});

test('admin/ProductImportProgress goes on, after a pause, with how the import stands by then', async () => {
  const { text: query, budget } = subscriptions.get('admin/ProductImportProgress')!;
  const manager = await shop.as(budget!.as);
  const started = await done(
    manager,
    'productImportStart',
    'ProductImportStartInput',
    { format: 'NDJSON' },
    'import { id } uploadUrl',
  );
  const variables = { importId: started.import.id };
  const live = await follow(manager, { query, variables });
  const before = shop.figures.entityFetches;
  const line = {
    title: 'Candle',
    slug: 'candle',
    description: 'Wax.',
    variants: [{ sku: 'CANDLE', options: [] }],
  };
  const { pathname, search } = new URL(started.uploadUrl);
  await fetch(new URL(pathname + search, shop.url), { method: 'PUT', body: JSON.stringify(line) });
  const told = [await live.next()];
  while (stateIn(told.at(-1)!) !== 'COMPLETED') told.push(await live.next());
  expect(told.at(-1)!.data.productImportProgressed.import).toMatchObject({ totalRows: 1, processedRows: 1 });
  expect(shop.figures.entityFetches - before).toBe(budget!.subgraphFetches - 1);
  live.cut();
  const after = told[0]!.extensions!.cursor;
  const resumed = openWire(shop.url, manager, { query, variables: { ...variables, after } });
  expect(stateIn(await resumed.next())).toBe('COMPLETED');
  resumed.cut();
});

test('storefront/PrivacyRequestProgress tells a person how far their request is, from any cursor on', async () => {
  const { text: query, budget } = subscriptions.get('storefront/PrivacyRequestProgress')!;
  const shopper = await shop.as(budget!.as);
  const input = { password: 'brass-lantern-at-dusk' };
  const asking = 'request { id }';
  const erasure = await done(shopper, 'dataErasureRequest', 'DataErasureRequestInput', input, asking);
  const { id: requestId } = erasure.request;
  const live = await follow(shopper, { query, variables: { requestId } });
  await done(shopper, 'privacyRequestCancel', 'PrivacyRequestCancelInput', { requestId }, asking);
  const cancelled = await live.next();
  expect(cancelled.data.privacyRequestProgressed.request).toMatchObject({
    kind: 'ERASURE',
    state: 'CANCELLED',
  });
  live.cut();

  // Its rooms answer at once. The cursor of what came before brings it all.
  const { data } = await shopper.ask('mutation { dataExportRequest { request { id } } }');
  const variables = {
    requestId: data.dataExportRequest.request.id,
    after: cancelled.extensions!.cursor,
  };
  const resumed = openWire(shop.url, shopper, { query, variables });
  const told: Frame[] = [];
  do told.push(await resumed.next());
  while (told.at(-1)!.data.privacyRequestProgressed.request.state !== 'COMPLETED' || told.length < 5);
  const cursors = told.map(({ extensions }) => extensions!.cursor);
  expect(new Set(cursors).size).toBe(told.length);
  expect(told.at(-1)!.data.privacyRequestProgressed.request.downloadUrl).toMatch(/^http/);
  resumed.cut();

  const stranger = openWire(shop.url, await shop.as('moderator'), { query, variables });
  const { errors } = await stranger
    .next()
    .catch((refused: unknown) => ({ errors: refused as { message: string }[] }));
  expect(errors?.[0]?.message).toMatch(/no such privacy request/);
  stranger.cut();
});

test('A lively shop shows something on the wall at each start, and does not fill up', async () => {
  const { text: query } = subscriptions.get('dashboard/ReviewWall')!;
  const moderator = await shop.as('moderator');
  const warnings: string[] = [];
  const log = createLog({ service: 'lively', destination: { write: (line: string) => warnings.push(line) } });
  for (let start = 1; start <= LIVELY_STARTS; start++) {
    const wall = await follow(moderator, { query });
    const lively = await makeLively(shop.started, shop.viewerKey, {
      log,
      random: createRandom(start),
      pause: [0, 1],
    });
    for (const { data } of await take(wall, 3)) {
      expect(data.reviewPublished.review.body).not.toBe('');
      expect(data.reviewPublished.product.title).not.toBe('');
    }
    await lively.stop();
    wall.cut();
  }
  expect(warnings).toEqual([]);
  const { catalog, reviews } = storesOf(shop.started);
  // Two shoppers write about three products. The third is who signed in above: that account is left alone.
  const { data } = await (await shop.as('shopper')).ask('{ viewer { id } }');
  const bySimulated = { authorId: { $ne: data.viewer.id } };
  expect(await reviews.stores.reviews.countDocuments(bySimulated)).toBeLessThanOrEqual(6);
  expect(await reviews.stores.questions.countDocuments(bySimulated)).toBeLessThanOrEqual(12);

  await catalog.db.collection('souk_demo').deleteMany({});
  await expect(makeLively(shop.started, shop.viewerKey, { log })).rejects.toThrow(/no demo shop here/);
});

function stateIn({ data }: Frame): string {
  return data.productImportProgressed.import.state;
}
