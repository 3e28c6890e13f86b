/**
 * Who may write about what. There is one place a shopper and product, with at most one review in it, whatever an earlier
 * run has left there: so the shop is as lively at each start, and does not grow for ever.
 */
import type { Viewer } from '@souk/kit/auth/viewer';
import type { Random } from '../random.ts';
import { type Ask, reviewsAbout, type Shopper, type Stage, type StagedProduct } from './stage.ts';

export interface Place {
  author: Viewer;
  product: StagedProduct;
  review: PlacedReview | null;
}

export interface PlacedReview {
  id: string;
  version: number;
  state: 'PENDING' | 'PUBLISHED' | 'REJECTED' | 'WITHDRAWN';
}

interface FoundReview extends PlacedReview {
  createdAt: string;
  updatedAt: string;
}

/** All of them, those that were left alone for longest first. */
export async function findPlaces(ask: Ask, { shoppers, products }: Stage, random: Random): Promise<Place[]> {
  const found: { place: Place; touchedAt: string }[] = [];
  for (const shopper of shoppers) {
    const reviews = await ownReviews(ask, shopper.viewer, products);
    for (const [index, product] of products.entries()) {
      const review = reviews[index] ?? null;
      if (review && isOfThePast(review, shopper)) continue;
      const place = { author: shopper.viewer, product, review };
      found.push({ place, touchedAt: review?.updatedAt ?? '' });
    }
  }
  return random
    .shuffled(found)
    .sort((a, b) => Number(a.touchedAt > b.touchedAt) - Number(a.touchedAt < b.touchedAt))
    .map(({ place }) => place);
}

/** After it was touched. Without the review at hand, it is looked up: somebody else may have changed it. */
export async function touch(
  ask: Ask,
  places: Place[],
  place: Place,
  review?: PlacedReview | null,
): Promise<void> {
  place.review = review ?? (await ownReviews(ask, place.author, [place.product]))[0] ?? null;
  places.splice(places.indexOf(place), 1);
  places.push(place);
}

export function isPublished({ review }: Place): boolean {
  return review?.state === 'PUBLISHED';
}

export function isWaiting({ review }: Place): boolean {
  return review?.state === 'PENDING';
}

/** Nobody has written there, or it was rejected or taken back. */
export function isFree(place: Place): boolean {
  return !isPublished(place) && !isWaiting(place);
}

/** Older than the account of its author: loaded with the shop. Those stay as they are. */
function isOfThePast({ createdAt }: FoundReview, { joinedAt }: Shopper): boolean {
  return createdAt < joinedAt;
}

async function ownReviews(
  ask: Ask,
  author: Viewer,
  products: readonly StagedProduct[],
): Promise<(FoundReview | null)[]> {
  const selection = 'viewerReview { id version state createdAt updatedAt }';
  const found = await reviewsAbout<{ viewerReview: FoundReview | null }>(ask, products, selection, author);
  return found.map((product) => product?.viewerReview ?? null);
}
