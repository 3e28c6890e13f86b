/**
 * What this room tells other domains: plain data, written into the document that changed, in the same write. They carry
 * ids and figures, never texts: events outlive an erasure in streams and logs.
 */

interface Event<Type extends string, Data> {
  type: Type;
  data: Data;
}

export type ModerationSubjectType = 'REVIEW' | 'QUESTION';

export type ReviewsEvent =
  | Event<'reviews.review.published', { reviewId: string; productId: string; stars: number }>
  | Event<'reviews.review.hidden', { reviewId: string; productId: string; state: string }>
  | Event<'reviews.review.changed', { reviewId: string; productId: string; version: number }>
  | Event<'reviews.review.replied', { reviewId: string; productId: string }>
  | Event<'reviews.question.published', { questionId: string; productId: string }>
  | Event<'reviews.question.hidden', { questionId: string; productId: string; state: string }>
  | Event<'reviews.question.answered', { questionId: string; productId: string; answerId: string }>
  | Event<
      'reviews.moderation.requested',
      { itemId: string; subjectType: ModerationSubjectType; subjectId: string; reasons: readonly string[] }
    >
  | Event<'reviews.rating.changed', { productId: string }>;

/** Raised when `data` of a type changes in a way that its readers must know. */
export const EVENT_VERSIONS: Record<ReviewsEvent['type'], number> = {
  'reviews.review.published': 1,
  'reviews.review.hidden': 1,
  'reviews.review.changed': 1,
  'reviews.review.replied': 1,
  'reviews.question.published': 1,
  'reviews.question.hidden': 1,
  'reviews.question.answered': 1,
  'reviews.moderation.requested': 1,
  'reviews.rating.changed': 1,
};

/** An event as it waits inside its document. */
export type OutgoingEvent = ReviewsEvent & {
  id: string;
  version: number;
  occurredAt: Date;
  /** The request that caused it; nothing when a clock or another domain did. */
  requestId?: string;
};
