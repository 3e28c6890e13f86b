import type { Page } from '@souk/kit/lists/connections';
import { ascending, defineOrder, descending, type Order } from '@souk/kit/lists/cursors';
import type { Filter } from 'mongodb';
import type { OutgoingEvent } from '../events.ts';
import type { Collections } from './collections.ts';
import { type OwnedList, pageOfOwners } from './pages-of-owners.ts';
import type { StarCounts, Stars } from './product-document.ts';
import type { ReviewDocument, StoredReview } from './review-document.ts';
import type { VoteCounts } from './votes.ts';

type Has = Pick<Collections, 'reviews'>;

export type ReviewSort = 'MOST_HELPFUL' | 'NEWEST' | 'HIGHEST' | 'LOWEST';

export const REVIEW_ORDERS: Record<ReviewSort, Order> = {
  MOST_HELPFUL: defineOrder('reviews.helpful', [
    descending('helpfulScore', 'number'),
    descending('_id', 'text'),
  ]),
  NEWEST: defineOrder('reviews.newest', [descending('createdAt', 'instant'), descending('_id', 'text')]),
  HIGHEST: defineOrder('reviews.highest', [
    descending('stars', 'number'),
    descending('createdAt', 'instant'),
    descending('_id', 'text'),
  ]),
  LOWEST: defineOrder('reviews.lowest', [
    ascending('stars', 'number'),
    ascending('createdAt', 'instant'),
    ascending('_id', 'text'),
  ]),
};

export const REVIEWS_OF_USER = defineOrder('user.reviews', [
  descending('createdAt', 'instant'),
  descending('_id', 'text'),
]);

/** Who reported it may be many, and is nothing that a reader is shown. */
const READ = { events: 0, reports: 0 } as const;

export interface ReviewNarrowing {
  stars?: readonly number[] | undefined;
  verifiedOnly?: boolean | undefined;
  withMedia?: boolean | undefined;
}

function narrowed({ stars, verifiedOnly, withMedia }: ReviewNarrowing): Filter<StoredReview> {
  return {
    state: 'PUBLISHED',
    ...(stars ? { stars: { $in: [...stars] } } : {}),
    ...(verifiedOnly ? { isVerifiedPurchase: true } : {}),
    ...(withMedia ? { 'mediaUrls.0': { $exists: true } } : {}),
  };
}

export function reviewsOfProduct(
  { reviews }: Has,
  sort: ReviewSort,
  narrowing: ReviewNarrowing,
): OwnedList<StoredReview> {
  return {
    collection: reviews,
    order: REVIEW_ORDERS[sort],
    owner: 'productId',
    filter: narrowed(narrowing),
    projection: READ,
  };
}

export function reviewsOfUser({ reviews }: Has, publishedOnly: boolean): OwnedList<StoredReview> {
  return {
    collection: reviews,
    order: REVIEWS_OF_USER,
    owner: 'authorId',
    filter: publishedOnly ? { state: 'PUBLISHED' } : {},
    projection: READ,
  };
}

export async function listReviews(
  list: OwnedList<StoredReview>,
  ownerIds: readonly string[],
  page: Page,
): Promise<ReviewDocument[]> {
  return pageOfOwners(list, ownerIds, page);
}

export async function countReviews(
  { reviews }: Has,
  productId: string,
  narrowing: ReviewNarrowing,
): Promise<number> {
  return reviews.countDocuments({ productId, ...narrowed(narrowing) });
}

export async function findReviews({ reviews }: Has, ids: readonly string[]): Promise<ReviewDocument[]> {
  return reviews.find({ _id: { $in: [...ids] } }, { projection: READ }).toArray();
}

/** With reports, for whoever is about to change it. */
export async function findStoredReview({ reviews }: Has, id: string): Promise<StoredReview | null> {
  return reviews.findOne({ _id: id }, { projection: { events: 0 } });
}

export async function findReviewsOfAuthor(
  { reviews }: Has,
  authorId: string,
  productIds: readonly string[],
): Promise<ReviewDocument[]> {
  return reviews.find({ authorId, productId: { $in: [...productIds] } }, { projection: READ }).toArray();
}

export async function findAllReviewsOfAuthor({ reviews }: Has, authorId: string): Promise<ReviewDocument[]> {
  return reviews.find({ authorId }, { projection: READ }).toArray();
}

export async function hasPublishedReview({ reviews }: Has, authorId: string): Promise<boolean> {
  return (await reviews.findOne({ authorId, state: 'PUBLISHED' }, { projection: { _id: 1 } })) !== null;
}

export async function insertReviews({ reviews }: Has, rows: readonly StoredReview[]): Promise<void> {
  if (rows.length > 0) await reviews.insertMany([...rows], { ordered: false });
}

/** What a write may set; counters of votes have a way of their own. */
export type ReviewFields = Partial<
  Omit<
    StoredReview,
    '_id' | 'revision' | 'events' | 'helpfulCount' | 'unhelpfulCount' | 'helpfulScore' | 'tally'
  >
>;

/** Nothing when somebody wrote it since `revision` was read. */
export async function updateReview(
  { reviews }: Has,
  id: string,
  revision: number,
  fields: ReviewFields,
  events: readonly OutgoingEvent[],
): Promise<ReviewDocument | null> {
  return reviews.findOneAndUpdate(
    { _id: id, revision },
    { $set: fields, $inc: { revision: 1 }, $push: { events: { $each: [...events] } } },
    { returnDocument: 'after', projection: READ },
  );
}

export async function addToReviewVotes(
  { reviews }: Has,
  id: string,
  { helpful, unhelpful }: VoteCounts,
): Promise<ReviewDocument | null> {
  return reviews.findOneAndUpdate(
    { _id: id },
    { $inc: { helpfulCount: helpful, unhelpfulCount: unhelpful, tally: 1 } },
    { returnDocument: 'after', projection: READ },
  );
}

/** Whoever changes the counters last sets the score: one that was computed from older counters finds no match. */
export async function setHelpfulScore(
  { reviews }: Has,
  id: string,
  tally: number,
  score: number,
): Promise<void> {
  await reviews.updateOne({ _id: id, tally }, { $set: { helpfulScore: score } });
}

/** False when somebody voted since `tally` was read. */
export async function overwriteReviewVotes(
  { reviews }: Has,
  id: string,
  tally: number,
  { helpful, unhelpful }: VoteCounts,
  score: number,
): Promise<boolean> {
  const outcome = await reviews.updateOne(
    { _id: id, tally },
    { $set: { helpfulCount: helpful, unhelpfulCount: unhelpful, helpfulScore: score }, $inc: { tally: 1 } },
  );
  return outcome.matchedCount === 1;
}

/** The figures of a product, counted from its reviews. */
export async function countPublished(
  { reviews }: Has,
  productId: string,
): Promise<{ stars: StarCounts; verified: number }> {
  const groups = await reviews
    .aggregate<{ _id: { stars: Stars; verified: boolean }; count: number }>([
      { $match: { productId, state: 'PUBLISHED' } },
      { $group: { _id: { stars: '$stars', verified: '$isVerifiedPurchase' }, count: { $sum: 1 } } },
    ])
    .toArray();
  const stars: StarCounts = {};
  let verified = 0;
  for (const { _id, count } of groups) {
    stars[_id.stars] = (stars[_id.stars] ?? 0) + count;
    if (_id.verified) verified += count;
  }
  return { stars, verified };
}

/** Unless its events are still to be told: then it goes with the last of them. */
export async function dropDeletedReview({ reviews }: Has, id: string): Promise<void> {
  await reviews.deleteOne({ _id: id, deletedAt: { $exists: true }, events: [] });
}

export async function forgetReporter({ reviews }: Has, userId: string): Promise<number> {
  // The report goes on counting; who made it and what they wrote is nobody's business any more.
  const outcome = await reviews.updateMany(
    { 'reports.userId': userId },
    { $set: { 'reports.$.userId': '', 'reports.$.comment': null }, $inc: { revision: 1 } },
  );
  return outcome.modifiedCount;
}

export async function forgetReplier({ reviews }: Has, userId: string): Promise<number> {
  const outcome = await reviews.updateMany(
    { 'reply.authorId': userId },
    { $set: { 'reply.authorId': null }, $inc: { revision: 1 } },
  );
  return outcome.modifiedCount;
}

export async function findReviewsReportedBy({ reviews }: Has, userId: string): Promise<StoredReview[]> {
  return reviews.find({ 'reports.userId': userId }, { projection: { events: 0 } }).toArray();
}

export async function countReviewsOfUser(
  { reviews }: Has,
  authorId: string,
  publishedOnly: boolean,
): Promise<number> {
  return reviews.countDocuments({ authorId, ...(publishedOnly ? { state: 'PUBLISHED' } : {}) });
}
