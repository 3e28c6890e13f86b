import type { Delivery } from '@souk/kit/events/inbox';
import { changeOnce } from '@souk/kit/events/inbox-mongodb';
import type { OutgoingEvent } from '../events.ts';
import type { Collections } from './collections.ts';
import type { ProductDocument, StarCounts, Stars } from './product-document.ts';

type Has = Pick<Collections, 'products'>;

export interface RatingChange {
  stars: StarCounts;
  verified: number;
}

export async function findProducts({ products }: Has, ids: readonly string[]): Promise<ProductDocument[]> {
  return products.find({ _id: { $in: [...ids] } }, { projection: { events: 0 } }).toArray();
}

export interface CountedRating {
  productId: string;
  change: RatingChange;
  event: OutgoingEvent;
}

/** Adds to the figures, whatever they are. */
export async function addToRatings({ products }: Has, counted: readonly CountedRating[]): Promise<void> {
  if (counted.length === 0) return;
  await products.bulkWrite(
    counted.map(({ productId, change, event }) => ({
      updateOne: {
        filter: { _id: productId },
        update: {
          $inc: { ...incrementsOf(change), tally: 1 },
          // One that was not told yet is replaced: readers want the figures as they stand, not each step.
          $set: { events: [event] },
          $setOnInsert: { archivedAt: null },
        },
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

function incrementsOf({ stars, verified }: RatingChange): Record<string, number> {
  const byField = Object.entries(stars).map(([star, count]) => [`stars.${star}`, count] as const);
  return { ...Object.fromEntries(byField), verified };
}

/** False when somebody changed the figures since `tally` was read. */
export async function overwriteRating(
  { products }: Has,
  { productId, change, event }: CountedRating,
  tally: number,
): Promise<boolean> {
  const figures = { ...change, events: [event] };
  const outcome = await products.updateOne({ _id: productId, tally }, { $set: figures, $inc: { tally: 1 } });
  return outcome.matchedCount === 1;
}

/** Gives a product that nobody reviewed yet the document that a recount needs. */
export async function ensureProduct({ products }: Has, productId: string): Promise<ProductDocument> {
  const product = await products.findOneAndUpdate(
    { _id: productId },
    { $setOnInsert: { stars: {}, verified: 0, tally: 0, archivedAt: null, events: [] } },
    { upsert: true, returnDocument: 'after' },
  );
  return product!;
}

const NO_FIGURES = { stars: {}, verified: 0, tally: 0, events: [] };

export async function markListed({ products }: Has, delivery: Delivery): Promise<void> {
  await changeOnce(delivery, products, {
    $set: { archivedAt: null },
    $min: { listedAt: delivery.event.occurredAt },
    $setOnInsert: NO_FIGURES,
  });
}

export async function markArchived({ products }: Has, delivery: Delivery): Promise<void> {
  const at = delivery.event.occurredAt;
  await changeOnce(delivery, products, {
    $set: { archivedAt: at },
    $min: { listedAt: at },
    $setOnInsert: NO_FIGURES,
  });
}

export const ALL_STARS: readonly Stars[] = [5, 4, 3, 2, 1];
