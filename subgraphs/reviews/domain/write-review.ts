/** What an author does with a review: writes it, edits it, takes it back. */
import { violatedUnique } from '@souk/kit/errors/store-faults';
import { conflict, forbidden, ok, refused, type UserError } from '@souk/kit/errors/user-errors';
import type { ReviewDocument, StoredReview } from '../store/review-document.ts';
import { findReviews, findReviewsOfAuthor, insertReviews, type ReviewFields } from '../store/reviews.ts';
import { changeRating, changeReview, type ReviewOutcome, reviewNotFound } from './change-review.ts';
import { whileCounting } from './counting.ts';
import type { ReviewsErrorCode } from './error-codes.ts';
import { type AuthorStanding, reasonsToHold, standingOf } from './moderation-rules.ts';
import { eventsOfReview, outgoing } from './outgoing-events.ts';
import { productFault, quotaFault, standingOfAuthor } from './posting.ts';
import { ratingChange } from './rating.ts';
import {
  checkReviewInput,
  type ReviewContent,
  type TypedReview,
  type TypedReviewChange,
} from './review-input.ts';
import type { Actor, Services } from './services.ts';
import { isAuthor, maySee } from './visibility.ts';

export async function submitReview(
  services: Services,
  actor: Actor,
  authorId: string,
  typed: TypedReview & { productId: string },
): Promise<ReviewOutcome> {
  const { productId, mediaUrls, ...rest } = typed;
  const checked = checkReviewInput(services.rules, { ...rest, mediaUrls: mediaUrls ?? [] });
  if (!checked.ok) return checked;
  const content = checked.value as ReviewContent;
  const [missing, [existing], standing] = await Promise.all([
    productFault(services, productId),
    findReviewsOfAuthor(services.stores, authorId, [productId]),
    standingOfAuthor(services, actor, authorId, productId),
  ]);
  if (missing) return refused(missing);
  if (existing && existing.state !== 'WITHDRAWN') return refused(reviewExists());
  const tooMany = await quotaFault(services, actor, authorId);
  if (tooMany) return refused(tooMany);
  if (existing) {
    // What was taken back comes back in other words, with its votes, its reports and its past.
    return changeReview(services, actor, existing._id, (review) => {
      if (review.state !== 'WITHDRAWN') return refused(reviewExists());
      return ok({ ...rewritten(services, review, content, standing), createdAt: services.now() });
    });
  }
  const review = newReview(services, { authorId, productId, content, standing });
  return insertReview(services, actor, review);
}

export async function updateReviewContent(
  services: Services,
  actor: Actor,
  typed: TypedReviewChange & { reviewId: string; expectedVersion: number },
): Promise<ReviewOutcome> {
  const checked = checkReviewInput(services.rules, typed);
  if (!checked.ok) return checked;
  const owned = await ownReview(services, actor, typed.reviewId);
  if (!owned.ok) return owned;
  const { authorId, productId } = owned.value;
  const standing = await standingOfAuthor(services, actor, authorId!, productId);
  return changeReview(services, actor, typed.reviewId, (review) => {
    if (review.version !== typed.expectedVersion) return refused(versionConflict());
    return ok(rewritten(services, review, { ...contentOf(review), ...checked.value }, standing));
  });
}

/** Its place stays taken, so that votes and reports come back with whatever is written there next. */
export async function withdrawReview(
  services: Services,
  actor: Actor,
  reviewId: string,
): Promise<ReviewOutcome> {
  const owned = await ownReview(services, actor, reviewId);
  if (!owned.ok) return owned;
  return changeReview(services, actor, reviewId, (review) => ok(withdrawn(services, review)));
}

export function versionConflict(): UserError<ReviewsErrorCode> {
  const message = 'Somebody has changed this in the meantime; load it again, then decide';
  return conflict('VERSION_CONFLICT', message, 'expectedVersion');
}

function reviewExists(): UserError<ReviewsErrorCode> {
  return conflict('REVIEW_EXISTS', 'You have reviewed this product already; edit that review', 'productId');
}

async function ownReview({ stores }: Services, { viewer }: Actor, reviewId: string): Promise<ReviewOutcome> {
  const [review] = await findReviews(stores, [reviewId]);
  if (!review || !maySee(viewer, review)) return refused(reviewNotFound());
  if (isAuthor(viewer, review)) return ok(review);
  return refused(forbidden('NOT_AUTHOR', 'Only its author may do this', 'reviewId'));
}

function contentOf({ stars, title, body, mediaUrls }: ReviewDocument): ReviewContent {
  return { stars, title, body, mediaUrls };
}

function withdrawn({ now }: Services, { version, state }: ReviewDocument): ReviewFields {
  if (state === 'WITHDRAWN') return {};
  return { state: 'WITHDRAWN', queue: null, version: version + 1, updatedAt: now() };
}

/** Checked anew; but neither a rejection nor a report is undone by other words. */
function rewritten(
  { rules, now, newId }: Services,
  review: StoredReview,
  content: ReviewContent,
  standing: AuthorStanding,
): ReviewFields {
  // Who has this very review in public has published something.
  const known = { ...standing, hasPublished: standing.hasPublished || review.state === 'PUBLISHED' };
  const held = reasonsToHold(rules, [content.title, content.body], known);
  if (review.rejectionReason !== null) held.push('REJECTED_BEFORE');
  const { reportCount, queue, version } = review;
  return {
    ...content,
    ...standingOf({ held, reportCount, queue, now: now(), newQueueId: () => newId('mod') }),
    isVerifiedPurchase: review.isVerifiedPurchase || standing.isBuyer,
    version: version + 1,
    updatedAt: now(),
  };
}

export interface NewReview {
  authorId: string;
  productId: string;
  content: ReviewContent;
  standing: AuthorStanding;
  /** The clock's when not given. */
  createdAt?: Date;
}

export function newReview(
  services: Services,
  { authorId, productId, content, standing, createdAt }: NewReview,
) {
  const { rules, newId, now } = services;
  const writtenAt = createdAt ?? now();
  const held = reasonsToHold(rules, [content.title, content.body], standing);
  const review: StoredReview = {
    _id: newId('rev'),
    productId,
    authorId,
    ...content,
    isVerifiedPurchase: standing.isBuyer,
    ...standingOf({ held, reportCount: 0, queue: null, now: writtenAt, newQueueId: () => newId('mod') }),
    rejectionReason: null,
    reply: null,
    helpfulCount: 0,
    unhelpfulCount: 0,
    helpfulScore: 0,
    tally: 0,
    reportCount: 0,
    reports: [],
    version: 1,
    revision: 1,
    createdAt: writtenAt,
    updatedAt: writtenAt,
    events: [],
  };
  return review;
}

async function insertReview(services: Services, actor: Actor, review: StoredReview): Promise<ReviewOutcome> {
  const events = eventsOfReview(undefined, review).map((event) => outgoing(services, actor, event));
  const insert = () => insertReviews(services.stores, [{ ...review, events }]);
  const change = ratingChange(undefined, review);
  try {
    if (!change) await insert();
    else {
      await whileCounting(services, 'RATING', [review.productId], async () => {
        await insert();
        await changeRating(services, actor, review.productId, change);
      });
    }
    return ok(review);
  } catch (error) {
    // Submitted twice at once: the other one is there now. The note that stays behind only causes a recount.
    if (violatedUnique(error) !== undefined) return refused(reviewExists());
    throw error;
  }
}
