import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withMongodb } from '@souk/kit/tests/stores';
import type { CategoryDocument } from '../store/category-document.ts';
import type { ProductDocument } from '../store/product-document.ts';
import { findProducts } from '../store/products.ts';
import {
  type Desk,
  done,
  EDITOR,
  MINUTE,
  newCategory,
  newProduct,
  newPublished,
  openDesk,
  refusals,
} from '../tests/desk.ts';
import { updateProduct } from './product-editing.ts';
import { carryOutSchedules, publishProduct, scheduleProduct, unpublishProduct } from './publishing.ts';
import { retireVariant } from './variant-editing.ts';

const PLANNED = process.env.SOUK_LONG_TESTS ? 30 : 8;

withMongodb('publishing', () => {
  let desk: Desk;
  let shelf: CategoryDocument;
  beforeAll(async () => {
    desk = await openDesk();
    shelf = await newCategory(desk, 'Shelf');
  });
  afterAll(() => desk.close());

  const edit = ({ _id, version }: ProductDocument) => ({ productId: _id, expectedVersion: version });
  const fromNow = (minutes: number) => new Date(desk.services.now().getTime() + minutes * MINUTE);
  const schedule = (product: ProductDocument, publishAt?: Date | null, unpublishAt?: Date | null) =>
    scheduleProduct(desk.services, EDITOR, { ...edit(product), publishAt, unpublishAt });
  const again = async ({ _id }: ProductDocument) =>
    (await findProducts(desk.services.collections, [_id]))[0]!;
  const eventsOf = async ({ _id }: ProductDocument) => {
    const stored = await desk.services.collections.products.findOne({ _id });
    return stored!.events.map(({ type }) => type.replace('catalog.product.', ''));
  };

  test('a product needs a description, a category and something to buy', async () => {
    const bare = await newProduct(desk, shelf, { description: '', categoryIds: [] });
    const outcome = await publishProduct(desk.services, EDITOR, edit(bare));
    expect(refusals(outcome)).toEqual(['NOT_PUBLISHABLE at productId']);
    expect(outcome).toMatchObject({
      errors: [{ message: 'Before it can be shown it needs a description and a category' }],
    });
    expect(refusals(await schedule(bare, fromNow(1)))).toEqual(['NOT_PUBLISHABLE at productId']);
  });

  test('publishing says when, and unpublishing drops the plan', async () => {
    const product = await newProduct(desk, shelf);
    const shown = done(await publishProduct(desk.services, EDITOR, edit(product)));
    expect(shown).toMatchObject({ status: 'PUBLISHED', publishedAt: expect.any(Date) });
    const planned = done(await schedule(shown, null, fromNow(5)));
    expect(planned).toMatchObject({ status: 'PUBLISHED', unpublishAt: expect.any(Date) });
    const hidden = done(await unpublishProduct(desk.services, EDITOR, edit(planned)));
    expect(hidden).toMatchObject({ status: 'DRAFT', unpublishAt: null, publishedAt: shown.publishedAt });
    expect(await eventsOf(product)).toEqual(['created', 'published', 'scheduled', 'unpublished']);
  });

  test('the last variant for sale of a product in the shop cannot be retired', async () => {
    const product = await newPublished(desk, shelf);
    const retire = (index: number) =>
      retireVariant(desk.services, EDITOR, { variantId: product.variants[index]!.id, expectedVersion: 1 });
    expect(done(await retire(0)).variant.isRetired).toBe(true);
    expect(refusals(await retire(1))).toEqual(['NOT_PUBLISHABLE at variantId']);
  });

  test('a plan must lie ahead and in order', async () => {
    const product = await newProduct(desk, shelf);
    expect(refusals(await schedule(product, fromNow(-1)))).toEqual(['SCHEDULE_INVALID at publishAt']);
    expect(refusals(await schedule(product, fromNow(2), fromNow(1)))).toEqual([
      'SCHEDULE_INVALID at unpublishAt',
    ]);
    expect(refusals(await schedule(product, null, fromNow(-1)))).toEqual(['SCHEDULE_INVALID at unpublishAt']);
    const shown = await newPublished(desk, shelf);
    expect(refusals(await schedule(shown, fromNow(1)))).toEqual(['SCHEDULE_INVALID at publishAt']);
  });

  test('a planned product appears and disappears when its time has come', async () => {
    const product = await newProduct(desk, shelf);
    expect(done(await schedule(product, fromNow(1), fromNow(3))).status).toBe('SCHEDULED');
    await carryOutSchedules(desk.services);
    expect((await again(product)).status).toBe('SCHEDULED');
    desk.pass(2 * MINUTE);
    await carryOutSchedules(desk.services);
    expect(await again(product)).toMatchObject({ status: 'PUBLISHED', publishAt: null });
    desk.pass(2 * MINUTE);
    await carryOutSchedules(desk.services);
    expect(await again(product)).toMatchObject({ status: 'DRAFT', unpublishAt: null });
    expect(await eventsOf(product)).toEqual(['created', 'scheduled', 'published', 'unpublished']);
  });

  test('a plan that was dropped comes to nothing', async () => {
    const product = await newProduct(desk, shelf);
    const planned = done(await schedule(product, fromNow(1)));
    expect(done(await schedule(planned)).status).toBe('DRAFT');
    desk.pass(2 * MINUTE);
    await carryOutSchedules(desk.services);
    expect((await again(product)).status).toBe('DRAFT');
  });

  test('a planned product that has lost its shelf since becomes a draft again', async () => {
    const product = await newProduct(desk, shelf);
    const planned = done(await schedule(product, fromNow(1)));
    done(await updateProduct(desk.services, EDITOR, { ...edit(planned), categoryIds: [] }));
    desk.pass(2 * MINUTE);
    await carryOutSchedules(desk.services);
    expect(await again(product)).toMatchObject({ status: 'DRAFT', publishAt: null });
    expect((await eventsOf(product)).at(-1)).toBe('scheduleDropped');
  });

  test('of processes that sweep at once, one moves each product', async () => {
    const products = await Promise.all(Array.from({ length: PLANNED }, () => newProduct(desk, shelf)));
    for (const product of products) done(await schedule(product, fromNow(1)));
    desk.pass(2 * MINUTE);
    const other = await openDesk(desk.mongodb.db.databaseName);
    other.pass(60 * MINUTE);
    try {
      const moved = await Promise.all([
        carryOutSchedules(desk.services),
        carryOutSchedules(other.services),
        carryOutSchedules(desk.services),
        carryOutSchedules(other.services),
      ]);
      for (const product of products) {
        expect((await again(product)).status).toBe('PUBLISHED');
        expect(await eventsOf(product)).toEqual(['created', 'scheduled', 'published']);
      }
      expect(moved.reduce((sum, count) => sum + count)).toBe(PLANNED);
    } finally {
      await other.mongodb.close();
    }
  });
});
