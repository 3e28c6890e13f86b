/**
 * After a category has moved or gone: paths of what hangs below it, and shelves of the products on it, are brought up to
 * date. Every step can be done again, so what a killed process began the next sweep ends.
 */
import {
  findBelow,
  findCategories,
  findToSettle,
  pathCategories,
  unmarkSettled,
} from '../store/categories.ts';
import type { CategoryDocument } from '../store/category-document.ts';
import { findShelved, reshelve, type Shelved } from '../store/shelving.ts';
import { recountAfter, shelvesOf } from './product-derivation.ts';
import type { Services } from './services.ts';

const AT_ONCE = 500;

/** Called right after the change, and once more by the sweeper, for products that were being edited meanwhile. */
export async function settle(services: Services, category: CategoryDocument): Promise<void> {
  if (category.deletedAt === undefined) await mendPaths(services, category);
  let shelved: Shelved[] = [];
  for await (const product of findShelved(services.collections, category._id)) {
    shelved.push(product);
    if (shelved.length < AT_ONCE) continue;
    await mendShelves(services, shelved);
    shelved = [];
  }
  await mendShelves(services, shelved);
  services.counting.wake();
}

async function mendPaths({ collections }: Services, category: CategoryDocument): Promise<void> {
  const below = await findBelow(collections, category._id);
  const path = [...category.ancestorIds, category._id];
  const mended = below.map(({ _id, ancestorIds }) => ({
    id: _id,
    ancestorIds: [...path, ...ancestorIds.slice(ancestorIds.indexOf(category._id) + 1)],
  }));
  await pathCategories(collections, mended);
}

async function mendShelves(services: Services, shelved: readonly Shelved[]): Promise<void> {
  const { collections } = services;
  const ids = [...new Set(shelved.flatMap(({ categoryIds }) => categoryIds))];
  const categories = new Map(
    (await findCategories(collections, ids)).map((category) => [category._id, category]),
  );
  const mark = services.newId('rct');
  const moved = shelved.flatMap((product): Shelved[] => {
    const categoryIds = product.categoryIds.filter((id) => categories.has(id));
    const shelfIds = shelvesOf(categoryIds, categories);
    if (sameList(categoryIds, product.categoryIds) && sameList(shelfIds, product.shelfIds)) return [];
    const next = { ...product, categoryIds, shelfIds };
    const recount = recountAfter(product, next, mark);
    return [recount ? { ...next, recount } : next];
  });
  // Those that were written in between stay as they are until the next sweep.
  await reshelve(collections, moved);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** What moved a while ago is looked at once more. */
export async function settleAgain(services: Services): Promise<void> {
  for (const { settleAt, ...category } of await findToSettle(services.collections, services.now())) {
    await settle(services, category);
    await unmarkSettled(services.collections, category._id, settleAt!);
  }
}
