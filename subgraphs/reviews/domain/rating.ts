/** Stars in figures. The counters of a product are the sum of what each review contributes. */
import type { ProductDocument, Stars } from '../store/product-document.ts';
import { ALL_STARS, type RatingChange } from '../store/products.ts';
import type { ReviewDocument } from '../store/review-document.ts';

type Counted = Pick<ReviewDocument, 'state' | 'stars' | 'isVerifiedPurchase'>;

/** What the figures change by; nothing when they do not. */
export function ratingChange(before: Counted | undefined, after: Counted): RatingChange | undefined {
  const change: RatingChange = { stars: {}, verified: 0 };
  if (before) contribute(change, before, -1);
  contribute(change, after, 1);
  for (const star of ALL_STARS) if (change.stars[star] === 0) delete change.stars[star];
  return Object.keys(change.stars).length === 0 && change.verified === 0 ? undefined : change;
}

function contribute(change: RatingChange, { state, stars, isVerifiedPurchase }: Counted, sign: 1 | -1): void {
  if (state !== 'PUBLISHED') return;
  const star = stars as Stars;
  change.stars[star] = (change.stars[star] ?? 0) + sign;
  if (isVerifiedPurchase) change.verified += sign;
}

export function addRatingChange(sum: RatingChange, { stars, verified }: RatingChange): void {
  for (const star of ALL_STARS) {
    const count = stars[star];
    if (count) sum.stars[star] = (sum.stars[star] ?? 0) + count;
  }
  sum.verified += verified;
}

export interface Rating {
  average: number | null;
  count: number;
  verifiedCount: number;
  histogram: { stars: number; count: number; share: number }[];
}

/** Of a product that nobody reviewed there is no document. */
export function ratingOf(product: Pick<ProductDocument, 'stars' | 'verified'> | undefined): Rating {
  const countOf = (star: Stars) => product?.stars[star] ?? 0;
  const count = ALL_STARS.reduce((sum, star) => sum + countOf(star), 0);
  const points = ALL_STARS.reduce((sum, star) => sum + star * countOf(star), 0);
  return {
    average: count === 0 ? null : Math.round((points * 100) / count) / 100,
    count,
    verifiedCount: product?.verified ?? 0,
    histogram: ALL_STARS.map((stars) => ({
      stars,
      count: countOf(stars),
      share: count === 0 ? 0 : countOf(stars) / count,
    })),
  };
}
