/** What readers and staff do about a review: report it, decide about it, reply to it. */
import { conflict, forbidden, invalid, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import type { ReportReason, StoredReview } from '../store/review-document.ts';
import type { ReviewFields } from '../store/reviews.ts';
import { changeReview, type ReviewOutcome, reviewNotFound } from './change-review.ts';
import type { ReviewsErrorCode } from './error-codes.ts';
import { standingOf } from './moderation-rules.ts';
import { quotaFault } from './posting.ts';
import type { Actor, Services } from './services.ts';
import { COMMENT_TEXT, checkText, REJECTION_TEXT, REPLY_TEXT } from './texts.ts';
import { isAuthor, maySee } from './visibility.ts';
import { versionConflict } from './write-review.ts';

export type Decision = 'PUBLISH' | 'REJECT';

export interface TypedReport {
  reviewId: string;
  reason: ReportReason;
  comment?: string | null | undefined;
}

export async function reportReview(
  services: Services,
  actor: Actor,
  userId: string,
  { reviewId, reason, comment }: TypedReport,
): Promise<ReviewOutcome> {
  const words = checkText(COMMENT_TEXT, comment ?? '', 'comment');
  if (!words.ok) return words;
  const tooMany = await quotaFault(services, actor, userId);
  if (tooMany) return refused(tooMany);
  const report = { userId, reason, comment: words.value || null, reportedAt: services.now() };
  return changeReview(services, actor, reviewId, (review) => {
    if (isAuthor(actor.viewer, review)) {
      return refused(
        forbidden('OWN_CONTENT', 'This review is your own; edit it or take it back', 'reviewId'),
      );
    }
    if (!maySee(actor.viewer, review)) return refused(reviewNotFound());
    if (review.reports.some((earlier) => earlier.userId === userId)) {
      return refused(conflict('ALREADY_REPORTED', 'You have reported this review before', 'reviewId'));
    }
    return ok({ reports: [...review.reports, report], ...reported(services, review) });
  });
}

function reported({ now, newId }: Services, review: StoredReview): ReviewFields {
  const reportCount = review.reportCount + 1;
  // Staff may report what is hidden; it stays hidden and where it is.
  if (review.state !== 'PUBLISHED' && review.state !== 'PENDING') return { reportCount };
  const held = (review.queue?.reasons ?? []).filter((reason) => reason !== 'REPORTED');
  const newQueueId = () => newId('mod');
  const standing = standingOf({ held, reportCount, queue: review.queue, now: now(), newQueueId });
  if (standing.state === review.state) return { reportCount, queue: standing.queue };
  return { reportCount, ...standing, version: review.version + 1, updatedAt: now() };
}

export interface TypedDecision {
  reviewId: string;
  expectedVersion: number;
  decision: Decision;
  reason?: string | null | undefined;
}

export async function moderateReview(
  services: Services,
  actor: Actor,
  typed: TypedDecision,
): Promise<ReviewOutcome> {
  const checked = checkDecision(typed);
  if (!checked.ok) return checked;
  return changeReview(services, actor, typed.reviewId, (review) => {
    // It is its author's again; nobody waits for a decision.
    if (review.state === 'WITHDRAWN') return refused(reviewNotFound());
    if (review.version !== typed.expectedVersion) return refused(versionConflict());
    const settled = { queue: null, version: review.version + 1, updatedAt: services.now() };
    return ok(
      checked.value === null
        ? { ...settled, state: 'PUBLISHED', rejectionReason: null, reportCount: 0 }
        : { ...settled, state: 'REJECTED', rejectionReason: checked.value },
    );
  });
}

/** Why it is rejected; null when it is published. */
export function checkDecision({
  decision,
  reason,
}: Pick<TypedDecision, 'decision' | 'reason'>): Result<string | null, ReviewsErrorCode> {
  if (decision === 'PUBLISH') return ok(null);
  if (reason === null || reason === undefined || reason.trim() === '') {
    return refused(invalid('REASON_REQUIRED', 'Say why, so that its author knows what to change', 'reason'));
  }
  return checkText(REJECTION_TEXT, reason, 'reason');
}

export interface TypedReply {
  reviewId: string;
  expectedVersion: number;
  /** Null takes the reply away. */
  body?: string | null | undefined;
}

export async function setReply(services: Services, actor: Actor, typed: TypedReply): Promise<ReviewOutcome> {
  const { reviewId, expectedVersion } = typed;
  const words =
    typed.body === null || typed.body === undefined ? ok(null) : checkText(REPLY_TEXT, typed.body, 'body');
  if (!words.ok) return words;
  const body = words.value;
  return changeReview(services, actor, reviewId, (review) => {
    if (review.state === 'WITHDRAWN') return refused(reviewNotFound());
    if (review.version !== expectedVersion) return refused(versionConflict());
    const repliedAt = services.now();
    const reply = body === null ? null : { body, authorId: actor.viewer.userId ?? null, repliedAt };
    return ok({ reply, version: review.version + 1, updatedAt: repliedAt });
  });
}
