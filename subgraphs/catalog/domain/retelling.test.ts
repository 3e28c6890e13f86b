import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mongodbOutbox } from '@souk/kit/events/outbox-mongodb';
import { withMongodb } from '@souk/kit/tests/stores';
import { TELLING } from '../store/collections.ts';
import { type Desk, done, EDITOR, MINUTE, newCategory, newProduct, openDesk } from '../tests/desk.ts';
import { deleteCategory } from './category-tree.ts';
import { archiveProduct } from './product-editing.ts';
import { retellProducts } from './retelling.ts';
import { settleAgain } from './settling.ts';

withMongodb('what the catalog tells', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  /** What a relay does. */
  const tellAll = async () => {
    const outbox = mongodbOutbox(desk.mongodb.db, TELLING, { settleAt: { $exists: false } });
    const told = [];
    for (let events = await outbox.read(100); events.length > 0; events = await outbox.read(100)) {
      told.push(...events);
      await outbox.remove(events);
    }
    return told;
  };

  test('it tells anew of every product how it stands', async () => {
    const shelf = await newCategory(desk, 'Lamps');
    const [draft, given] = [await newProduct(desk, shelf), await newProduct(desk, shelf)];
    done(
      await archiveProduct(desk.services, EDITOR, { productId: given._id, expectedVersion: given.version }),
    );
    await tellAll();
    expect(await retellProducts(desk.services)).toBe(2);
    const told = (await tellAll()).map(({ aggregateId, type, data }) => [aggregateId, type, data.status]);
    expect(told.sort()).toEqual(
      [
        [draft._id, 'catalog.product.retold', 'DRAFT'],
        [given._id, 'catalog.product.retold', 'ARCHIVED'],
      ].sort(),
    );
  });

  test('a deleted category stays until its last event is told and what hung on it is settled', async () => {
    const { _id, version } = await newCategory(desk, 'Rugs');
    const { categories } = desk.services.collections;
    done(await deleteCategory(desk.services, EDITOR, { categoryId: _id, expectedVersion: version }));
    expect((await tellAll()).map(({ type }) => type)).toContain('catalog.category.deleted');
    expect(await categories.findOne({ _id })).not.toBeNull();
    desk.pass(10 * MINUTE);
    await settleAgain(desk.services);
    expect(await categories.findOne({ _id })).toBeNull();
  });
});
