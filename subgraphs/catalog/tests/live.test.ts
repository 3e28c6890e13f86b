/** Products and imports followed live: who is told what, from where on, and how often. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Viewer } from '@souk/kit/auth/viewer';
import type { Followed } from '@souk/kit/tests/follow';
import { newId } from '@souk/kit/values/ids';
import { productLines } from './import-file.ts';
import { STAFF, withStores } from './room.ts';
import { openShop, type Shop } from './shop.ts';

const CHANGED = `subscription ($productIds: [ID!]!, $includeDrafts: Boolean, $after: EventCursor) {
  productChanged(productIds: $productIds, includeDrafts: $includeDrafts, after: $after) {
    cursor occurredAt change product { id title status categories { name } } } }`;
const PROGRESSED = `subscription ($id: ID!, $after: EventCursor) { productImportProgressed(id: $id, after: $after) {
  cursor occurredAt import { id state totalRows processedRows createdCount } } }`;

const GUEST: Viewer = { scopes: [] };
const EDITOR: Viewer = { userId: newId('usr'), scopes: STAFF };
const SHOPPER: Viewer = { userId: newId('usr'), scopes: [] };

withStores('Products are followed live', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  const edit = async ({ id, version }: { id: string; version: number }, title: string) => {
    const input = { productId: id, expectedVersion: version, title };
    return (await shop.run('productUpdate', 'ProductUpdateInput', input, 'product { id version }')).product;
  };
  const withdraw = async ({ id, version }: { id: string; version: number }) => {
    const input = { productId: id, expectedVersion: version };
    const answered = await shop.run(
      'productUnpublish',
      'ProductUnpublishInput',
      input,
      'product { id version }',
    );
    return answered.product;
  };

  /** What happened right before may be told yet. */
  const nextOf = async (change: string, followed: Followed) => {
    for (;;) {
      const told = await followed.next();
      if (told.change === change) return told;
    }
  };

  test('as they stand now, and again from any cursor on', async () => {
    const [lamp, vase, other] = [
      await shop.publish(await shop.newProduct('Lamp')),
      await shop.publish(await shop.newProduct('Vase')),
      await shop.publish(await shop.newProduct('Other')),
    ];
    const variables = { productIds: [lamp.id, vase.id, lamp.id] };
    const live = await shop.follow(GUEST, CHANGED, variables);
    await edit(other, 'Nobody asked');
    const edited = await edit(lamp, 'Lamp of brass');
    const first = await nextOf('EDITED', live);
    expect(first).toMatchObject({
      product: { id: lamp.id, title: 'Lamp of brass', categories: [{ name: 'Shelf' }] },
    });
    await edit(vase, 'Vase of clay');
    expect(await live.next()).toMatchObject({ product: { title: 'Vase of clay' } });
    await live.stop();

    await edit(edited, 'Lamp of copper');
    const resumed = await shop.follow(GUEST, CHANGED, { ...variables, after: first.cursor });
    expect(await resumed.next()).toMatchObject({ product: { id: vase.id } });
    expect(await resumed.next()).toMatchObject({ product: { id: lamp.id, title: 'Lamp of copper' } });
    await resumed.stop();
  });

  test('by staff also before they are in the shop, and after', async () => {
    const draft = await shop.newProduct('Draft');
    const staff = await shop.follow(EDITOR, CHANGED, { productIds: [draft.id], includeDrafts: true });
    const gone = await withdraw(await shop.publish(await edit(draft, 'Early name')));
    await shop.run(
      'productArchive',
      'ProductArchiveInput',
      { productId: gone.id, expectedVersion: (await edit(gone, 'Late name')).version },
      'product { id }',
    );
    const changes: string[] = [];
    while (changes.at(-1) !== 'ARCHIVED') changes.push((await staff.next()).change);
    expect(changes).toEqual(['EDITED', 'PUBLISHED', 'UNPUBLISHED', 'EDITED', 'ARCHIVED']);
    await staff.stop();
  });

  test('without a word of what shoppers may not see', async () => {
    const draft = await shop.newProduct('Hidden');
    const productIds = [draft.id];
    const everybody = await shop.follow(SHOPPER, CHANGED, { productIds });
    const staff = await shop.follow(EDITOR, CHANGED, { productIds, includeDrafts: true });
    const coming = everybody.next();
    const edited = await edit(draft, 'Hidden too');
    await nextOf('EDITED', staff);
    const published = await shop.publish(edited);
    expect(await coming).toMatchObject({ change: 'PUBLISHED', product: { title: 'Hidden too' } });

    const gone = await withdraw(published);
    expect(await everybody.next()).toMatchObject({ change: 'UNPUBLISHED', product: { id: draft.id } });
    const comingBack = everybody.next();
    const reworked = await edit(gone, 'Rework');
    await nextOf('EDITED', staff);
    await shop.publish(reworked);
    expect(await comingBack).toMatchObject({ change: 'PUBLISHED', product: { title: 'Rework' } });
    await everybody.stop();
    await staff.stop();

    expect(await shop.refusal(GUEST, CHANGED, { productIds, includeDrafts: true })).toBe('UNAUTHENTICATED');
    expect(await shop.refusal(SHOPPER, CHANGED, { productIds, includeDrafts: true })).toBe('FORBIDDEN');
  });

  test('up to a hundred at once', async () => {
    const ids = (count: number) => Array.from({ length: count }, () => newId('prd'));
    expect(await shop.refusal(GUEST, CHANGED, { productIds: ids(100) })).toBe('not refused');
    expect(await shop.refusal(GUEST, CHANGED, { productIds: ids(101) })).toBe('BAD_USER_INPUT productIds');
    expect(await shop.refusal(GUEST, CHANGED, { productIds: [] })).toBe('BAD_USER_INPUT productIds');
    const mixedUp = [...ids(1), newId('cat')];
    expect(await shop.refusal(GUEST, CHANGED, { productIds: mixedUp })).toBe('BAD_USER_INPUT productIds.1');
  });
});

withStores('Imports are followed live', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.newCategory('Bowls');
  });
  afterAll(() => shop.close());

  const start = async () => {
    const { import: row, uploadUrl } = await shop.run(
      'productImportStart',
      'ProductImportStartInput',
      { format: 'NDJSON' },
      'import { id } uploadUrl',
    );
    return { id: row.id as string, send: (file: string) => shop.fetch('PUT', uploadUrl, Buffer.from(file)) };
  };
  test('to their end, and after a pause as they stand by then', async () => {
    const lamp = await shop.newProduct('Lamp');
    const lamps = await shop.follow(EDITOR, CHANGED, { productIds: [lamp.id], includeDrafts: true });
    await shop.publish(lamp);
    const { cursor: before } = await lamps.next();
    await lamps.stop();
    const { id, send } = await start();
    const live = await shop.follow(EDITOR, PROGRESSED, { id });
    await send(productLines(300));
    const told = [await live.next()];
    while (told.at(-1).import.state !== 'COMPLETED') told.push(await live.next());
    await live.stop();
    expect(told.at(-1)).toMatchObject({ import: { id, totalRows: 300, processedRows: 300 } });

    const resumed = await shop.follow(EDITOR, PROGRESSED, { id, after: before });
    const { cursor, import: row } = await resumed.next();
    // By the event of its beginning, which stands for all that came since.
    expect(cursor).toBe(told[0].cursor);
    expect(row).toMatchObject({ state: 'COMPLETED', processedRows: 300 });
    await resumed.stop();
  });

  test('by staff who may import, where there is one', async () => {
    const { id } = await start();
    expect(await shop.refusal(GUEST, PROGRESSED, { id })).toBe('UNAUTHENTICATED');
    expect(await shop.refusal(SHOPPER, PROGRESSED, { id })).toBe('FORBIDDEN');
    expect(await shop.refusal(EDITOR, PROGRESSED, { id: newId('imp') })).toBe('BAD_USER_INPUT id');
    expect(await shop.refusal(EDITOR, PROGRESSED, { id: newId('prd') })).toBe('BAD_USER_INPUT id');
    expect(await shop.refusal(EDITOR, PROGRESSED, { id })).toBe('not refused');
  });
});
