/** What products know of the shelves they stand on, and shelves of the products that they hold. */
import type { Collections } from './collections.ts';
import type { ProductDocument } from './product-document.ts';

/** The least that tells on which shelves a product stands. */
export type Shelved = Pick<
  ProductDocument,
  '_id' | 'revision' | 'status' | 'categoryIds' | 'shelfIds' | 'recount'
>;

const read = { projection: { revision: 1, status: 1, categoryIds: 1, shelfIds: 1, recount: 1 } } as const;

/** As a cursor: a shelf near the root may hold everything. What is written meanwhile keeps its place in the index. */
export function findShelved({ products }: Pick<Collections, 'products'>, shelfId: string) {
  return products.find<Shelved>({ shelfIds: shelfId }, read).hint('shelf_newest').batchSize(500);
}

/** Answers how many were written; the others have changed since. */
export async function reshelve(
  { products }: Pick<Collections, 'products'>,
  moved: readonly Shelved[],
): Promise<number> {
  if (moved.length === 0) return 0;
  const outcome = await products.bulkWrite(
    moved.map(({ _id, revision, categoryIds, shelfIds, recount }) => ({
      updateOne: {
        filter: { _id, revision },
        update: {
          $set: { categoryIds, shelfIds, ...(recount ? { recount } : {}) },
          $inc: { revision: 1 },
        },
      },
    })),
    { ordered: false },
  );
  return outcome.matchedCount;
}

export interface Recount {
  mark: string;
  shelfIds: string[];
}

export async function findRecounts(
  { products }: Pick<Collections, 'products'>,
  limit: number,
): Promise<Recount[]> {
  const rows = await products
    .find<Required<Pick<ProductDocument, 'recount'>>>(
      { 'recount.mark': { $gt: '' } },
      { projection: { recount: 1 } },
    )
    .limit(limit)
    .toArray();
  return rows.map(({ recount }) => recount);
}

export function countPublished(
  { products }: Pick<Collections, 'products'>,
  shelfId: string,
): Promise<number> {
  return products.countDocuments({ shelfIds: shelfId, status: 'PUBLISHED' });
}

export async function saveCounts(
  { categories }: Pick<Collections, 'categories'>,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  if (counts.size === 0) return;
  await categories.bulkWrite(
    [...counts].map(([_id, productCount]) => ({
      updateOne: { filter: { _id }, update: { $set: { productCount } } },
    })),
    { ordered: false },
  );
}

/** A product that changed again has another mark, which stays. */
export async function clearRecounts(
  { products }: Pick<Collections, 'products'>,
  marks: readonly string[],
): Promise<void> {
  if (marks.length === 0) return;
  await products.updateMany({ 'recount.mark': { $in: [...marks] } }, { $unset: { recount: '' } });
}
