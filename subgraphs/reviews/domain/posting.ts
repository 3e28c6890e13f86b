/** What everybody who posts something goes through. */
import { exhausted, notFound, type UserError } from '@souk/kit/errors/user-errors';
import { findProducts } from '../store/products.ts';
import { findPurchases } from '../store/purchases.ts';
import { hasPublishedQuestion } from '../store/questions.ts';
import { takeFromQuota } from '../store/quotas.ts';
import { hasPublishedReview } from '../store/reviews.ts';
import type { ReviewsErrorCode } from './error-codes.ts';
import type { AuthorStanding } from './moderation-rules.ts';
import type { Actor, Services } from './services.ts';
import { isStaff } from './visibility.ts';

/**
 * This room knows the products that the catalog has told it of (listening.ts), a moment after they appear in the shop.
 * Nobody can buy one before, so hardly anybody has something to say about it.
 */
export async function productFault(
  { stores }: Services,
  productId: string,
): Promise<UserError<ReviewsErrorCode> | undefined> {
  const [product] = await findProducts(stores, [productId]);
  if (!product?.listedAt) return notFound('PRODUCT_NOT_FOUND', 'There is no such product', 'productId');
  if (!product.archivedAt) return undefined;
  return notFound('PRODUCT_NOT_FOUND', 'This product is not for sale any more', 'productId');
}

export async function standingOfAuthor(
  { stores }: Services,
  { viewer }: Actor,
  authorId: string,
  productId: string,
): Promise<AuthorStanding> {
  const [purchases, hasReview, hasQuestion] = await Promise.all([
    findPurchases(stores, authorId, [productId]),
    hasPublishedReview(stores, authorId),
    hasPublishedQuestion(stores, authorId),
  ]);
  return { isBuyer: purchases.length > 0, hasPublished: hasReview || hasQuestion, isStaff: isStaff(viewer) };
}

/** Takes one from what somebody may post in an hour. To be asked last: what is refused anyway costs nothing. */
export async function quotaFault(
  { stores, rules, now }: Services,
  { viewer }: Actor,
  userId: string,
): Promise<UserError<ReviewsErrorCode> | undefined> {
  if (isStaff(viewer)) return undefined;
  const used = await takeFromQuota(stores, userId, now());
  if (used <= rules.postsPerHour) return undefined;
  const message = `You can post ${rules.postsPerHour} times an hour; come back in the next hour`;
  return exhausted('RATE_LIMITED', message);
}
