import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withLock } from '@souk/kit/mongodb/lock';
import { withMongodb } from '@souk/kit/tests/stores';
import { findCategories, findCategoriesBySlug, findChildren } from '../store/categories.ts';
import type { CategoryDocument } from '../store/category-document.ts';
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
import { updateCategoryTexts } from './category-texts.ts';
import { createCategory, deleteCategory, MAX_DEPTH, moveCategory } from './category-tree.ts';
import { recountShelves } from './counting.ts';
import { archiveProduct } from './product-editing.ts';
import { publishProduct, unpublishProduct } from './publishing.ts';
import { settleAgain } from './settling.ts';

withMongodb('the category tree', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const move = (category: CategoryDocument, parent: CategoryDocument | null, position?: number) =>
    moveCategory(desk.services, EDITOR, {
      categoryId: category._id,
      expectedVersion: category.version,
      parentId: parent?._id ?? null,
      position,
    });
  const again = async ({ _id }: CategoryDocument) =>
    (await findCategories(desk.services.collections, [_id]))[0]!;
  const namesBelow = async (parent: CategoryDocument | null) =>
    (await findChildren(desk.services.collections, [parent?._id ?? null])).map(({ name }) => name);
  const countOf = async (category: CategoryDocument) => (await again(category)).productCount;

  test('a branch that moves takes along what hangs below it and stands on it', async () => {
    const [house, garden] = [await newCategory(desk, 'House'), await newCategory(desk, 'Garden')];
    const lamps = await newCategory(desk, 'Lamps', house);
    const lanterns = await newCategory(desk, 'Lanterns', lamps);
    const product = await newPublished(desk, lanterns);
    expect(product.shelfIds).toEqual([lanterns._id, house._id, lamps._id]);

    const moved = done(await move(lamps, garden));

    expect(moved).toMatchObject({ parentId: garden._id, ancestorIds: [garden._id], version: 2 });
    expect((await again(lanterns)).ancestorIds).toEqual([garden._id, lamps._id]);
    const [stored] = await findProducts(desk.services.collections, [product._id]);
    expect(stored!.shelfIds).toEqual([lanterns._id, garden._id, lamps._id]);
    await recountShelves(desk.services);
    expect([await countOf(house), await countOf(garden), await countOf(lamps)]).toEqual([0, 1, 1]);
  });

  test('a category never hangs below itself', async () => {
    const top = await newCategory(desk, 'Top');
    const middle = await newCategory(desk, 'Middle', top);
    const leaf = await newCategory(desk, 'Leaf', middle);
    expect(refusals(await move(top, top))).toEqual(['CATEGORY_CYCLE at parentId']);
    expect(refusals(await move(top, leaf))).toEqual(['CATEGORY_CYCLE at parentId']);
    const moves = await Promise.all([move(middle, null), move(top, middle)]);
    // Whichever came first, there is no circle.
    const [a, b] = [await again(top), await again(middle)];
    expect(a.ancestorIds.includes(b._id) && b.ancestorIds.includes(a._id)).toBe(false);
    expect(moves.flatMap(refusals).every((code) => code === 'CATEGORY_CYCLE at parentId')).toBe(true);
  });

  test('siblings keep the order that moves give them', async () => {
    const parent = await newCategory(desk, 'Shelf board');
    const [a, b, c] = [
      await newCategory(desk, 'A', parent),
      await newCategory(desk, 'B', parent),
      await newCategory(desk, 'C', parent),
    ];
    done(await move(c, parent, 0));
    expect(await namesBelow(parent)).toEqual(['C', 'A', 'B']);
    done(await move(a, parent, 99));
    expect(await namesBelow(parent)).toEqual(['C', 'B', 'A']);
    done(await move(b, parent, 2));
    expect(await namesBelow(parent)).toEqual(['C', 'A', 'B']);
  });

  test('the tree has a bounded depth, also for branches that move', async () => {
    let deepest = await newCategory(desk, 'Level 1');
    for (let level = 2; level <= MAX_DEPTH; level++)
      deepest = await newCategory(desk, `Level ${level}`, deepest);
    const more = await createCategory(desk.services, EDITOR, { name: 'One more', parentId: deepest._id });
    expect(refusals(more)).toEqual(['VALUE_INVALID at parentId']);
    const branch = await newCategory(desk, 'Branch');
    await newCategory(desk, 'Twig', branch);
    const [parent] = await findCategories(desk.services.collections, [deepest.parentId!]);
    expect(refusals(await move(branch, parent!))).toEqual(['VALUE_INVALID at parentId']);
  });

  test('an edit that was begun before a move and written after it ends on the right shelf', async () => {
    const [from, to] = [await newCategory(desk, 'From'), await newCategory(desk, 'To')];
    const shelf = await newCategory(desk, 'Wandering', from);
    done(await move(shelf, to));
    // As an editor would have written it, who had read the tree before the move.
    const late = await newProduct(desk, shelf);
    await desk.services.collections.products.updateOne(
      { _id: late._id },
      { $set: { shelfIds: [shelf._id, from._id] } },
    );
    await settleAgain(desk.services);
    expect((await findProducts(desk.services.collections, [late._id]))[0]!.shelfIds).toContain(from._id);
    desk.pass(MINUTE);
    await settleAgain(desk.services);
    expect((await findProducts(desk.services.collections, [late._id]))[0]!.shelfIds).toEqual([
      shelf._id,
      to._id,
    ]);
    expect(await again(shelf)).not.toHaveProperty('settleAt');
  });

  test('a deleted category leaves its products without the shelf and its slug free', async () => {
    const [kept, gone] = [await newCategory(desk, 'Kept'), await newCategory(desk, 'Gone')];
    const product = await newPublished(desk, gone, { categoryIds: [gone._id, kept._id] });
    const child = await newCategory(desk, 'Child of gone', gone);
    const remove = ({ _id, version }: CategoryDocument) =>
      deleteCategory(desk.services, EDITOR, { categoryId: _id, expectedVersion: version });
    expect(refusals(await remove(gone))).toEqual(['CATEGORY_NOT_EMPTY at categoryId']);
    expect(done(await remove(child))).toBe(child._id);
    expect(done(await remove(gone))).toBe(gone._id);
    expect(await findCategories(desk.services.collections, [gone._id])).toEqual([]);
    expect(await namesBelow(null)).not.toContain('Gone');
    const [stored] = await findProducts(desk.services.collections, [product._id]);
    expect(stored).toMatchObject({ categoryIds: [kept._id], shelfIds: [kept._id] });
    expect(done(await createCategory(desk.services, EDITOR, { name: 'Gone' })).slug).toBe('gone');
    expect(refusals(await remove(gone))).toEqual(['CATEGORY_NOT_FOUND at categoryId']);
  });

  describe('words', () => {
    test('are edited under a version, and an old slug goes on working', async () => {
      const category = await newCategory(desk, 'Tea');
      const edit = (parts: object, version = 1) =>
        updateCategoryTexts(desk.services, EDITOR, {
          categoryId: category._id,
          expectedVersion: version,
          ...parts,
        });
      const changed = done(await edit({ name: 'Tea and more', slug: 'tea-and-more', description: 'Green.' }));
      expect(changed).toMatchObject({ name: 'Tea and more', version: 2, description: 'Green.' });
      expect(await findCategoriesBySlug(desk.services.collections, ['tea'])).toMatchObject([
        { _id: category._id },
      ]);
      expect(refusals(await edit({ name: 'Late' }))).toEqual(['VERSION_CONFLICT at expectedVersion']);
      expect(done(await edit({ description: null }, 2)).description).toBeNull();
      await newCategory(desk, 'Coffee');
      expect(refusals(await edit({ slug: 'coffee' }, 3))).toEqual(['SLUG_TAKEN at slug']);
      expect(refusals(await edit({ slug: 'No', name: '', description: '\u0000' }, 3))).toEqual([
        'VALUE_INVALID at name',
        'VALUE_INVALID at slug',
        'VALUE_INVALID at description',
      ]);
    });
  });

  test('counters follow what shoppers see', async () => {
    const top = await newCategory(desk, 'Counted');
    const shelf = await newCategory(desk, 'Counted below', top);
    const edit = ({ _id, version }: { _id: string; version: number }) => ({
      productId: _id,
      expectedVersion: version,
    });
    const counts = async () => {
      await recountShelves(desk.services);
      return [await countOf(top), await countOf(shelf)];
    };
    const [a, b] = [await newPublished(desk, shelf), await newPublished(desk, top)];
    await newProduct(desk, shelf);
    expect(await counts()).toEqual([2, 1]);
    const hidden = done(await unpublishProduct(desk.services, EDITOR, edit(a)));
    expect(await counts()).toEqual([1, 0]);
    done(await publishProduct(desk.services, EDITOR, edit(hidden)));
    done(await archiveProduct(desk.services, EDITOR, edit(b)));
    expect(await counts()).toEqual([1, 1]);
    const left = await desk.services.collections.products.countDocuments({ 'recount.mark': { $gt: '' } });
    expect(left).toBe(0);
  });

  test('counters wait their turn where somebody needs them', async () => {
    const shelf = await newCategory(desk, 'Counted in turn');
    await newPublished(desk, shelf);
    const held = await withLock(desk.services.db, 'counting', async () => {
      const inTurn = recountShelves(desk.services, 10_000);
      await recountShelves(desk.services);
      expect(await countOf(shelf)).toBe(0);
      return { inTurn };
    });
    await held!.value.inTurn;
    expect(await countOf(shelf)).toBe(1);
  });
});
