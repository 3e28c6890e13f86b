/** The one way to change a review: on top of its latest state, with its events, and with the figures of its product. */
import { notFound, ok, type Result, refused, type UserError } from '@souk/kit/errors/user-errors';
import { addToRatings, type RatingChange } from '../store/products.ts';
import type { ReviewDocument, StoredReview } from '../store/review-document.ts';
import { findStoredReview, type ReviewFields, updateReview } from '../store/reviews.ts';
import { whileCounting } from './counting.ts';
import type { ReviewsErrorCode } from './error-codes.ts';
import { eventsOfReview, outgoing } from './outgoing-events.ts';
import { ratingChange } from './rating.ts';
import type { Actor, Services } from './services.ts';

export type ReviewOutcome = Result<ReviewDocument, ReviewsErrorCode>;
/** What a rule wants changed, or why not. It may be asked more than once. */
export type Decide = (review: StoredReview) => Result<ReviewFields, ReviewsErrorCode>;

/** Each lost race means that somebody else's change went through; so many in a row do not happen. */
const MAX_RACES = 200;

export async function changeReview(
  services: Services,
  actor: Actor,
  reviewId: string,
  decide: Decide,
): Promise<ReviewOutcome> {
  for (let race = 0; race < MAX_RACES; race++) {
    const review = await findStoredReview(services.stores, reviewId);
    if (!review) return refused(reviewNotFound());
    const decided = decide(review);
    if (!decided.ok) return decided;
    if (Object.keys(decided.value).length === 0) return ok(review);
    const changed = await write(services, actor, review, decided.value);
    if (changed) return ok(changed);
  }
  throw new Error(`${reviewId} was changed by others ${MAX_RACES} times while one change was tried`);
}

export function reviewNotFound(): UserError<ReviewsErrorCode> {
  return notFound('REVIEW_NOT_FOUND', 'There is no such review, or you may not see it', 'reviewId');
}

async function write(
  services: Services,
  actor: Actor,
  review: StoredReview,
  fields: ReviewFields,
): Promise<ReviewDocument | null> {
  const after = { ...review, ...fields };
  const events = eventsOfReview(review, after).map((event) => outgoing(services, actor, event));
  const save = () => updateReview(services.stores, review._id, review.revision, fields, events);
  const change = ratingChange(review, after);
  if (!change) return save();
  return whileCounting(services, 'RATING', [review.productId], async () => {
    const saved = await save();
    if (saved) await changeRating(services, actor, review.productId, change);
    return saved;
  });
}

/** To be called within `whileCounting`. */
export async function changeRating(
  services: Services,
  actor: Pick<Actor, 'requestId'>,
  productId: string,
  change: RatingChange,
): Promise<void> {
  const event = outgoing(services, actor, { type: 'reviews.rating.changed', data: { productId } });
  await addToRatings(services.stores, [{ productId, change, event }]);
}
