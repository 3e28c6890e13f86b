import type { OutgoingEvent } from '../events.ts';
import type { Collections } from './collections.ts';
import type { ProductDocument } from './product-document.ts';

type Products = Pick<Collections, 'products'>;

/** In the order of their ids. */
export function findProductsBehind(
  { products }: Products,
  id: string,
  limit: number,
): Promise<Pick<ProductDocument, '_id' | 'revision' | 'status'>[]> {
  return products
    .find({ _id: { $gt: id } }, { projection: { revision: 1, status: 1 } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
}

/** Answers how many still stood as they were read. */
export async function retellProducts(
  { products }: Products,
  told: readonly { productId: string; revision: number; event: OutgoingEvent }[],
): Promise<number> {
  if (told.length === 0) return 0;
  const outcome = await products.bulkWrite(
    told.map(({ productId, revision, event }) => ({
      updateOne: { filter: { _id: productId, revision }, update: { $push: { events: event } } },
    })),
    { ordered: false },
  );
  return outcome.matchedCount;
}
