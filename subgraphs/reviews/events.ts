/**
 * What this room tells other domains: plain data, written into the document that changed, in the same write. They carry
 * ids and figures, never texts: events outlive an erasure in streams and logs.
 */
import { declareEvents, type EventOf } from '@souk/kit/events/events';
import type { WaitingEvent } from '@souk/kit/events/outbox-mongodb';
import { z } from 'zod';

const [reviewId, questionId, productId] = [z.string(), z.string(), z.string()];
const MODERATED = ['REVIEW', 'QUESTION'] as const;
export type ModerationSubjectType = (typeof MODERATED)[number];

/** Under which staff follow what happens to whatever product. */
export const EVERY_REVIEW = 'reviews';
export const MODERATION = 'moderation';

export const reviewsEvents = declareEvents('reviews', {
  'reviews.review.published': {
    version: 1,
    when: 'a review can be read by everybody',
    data: z.object({ reviewId, productId, stars: z.number() }),
    topics: ({ productId: id }: { productId: string }) => [id, EVERY_REVIEW],
  },
  'reviews.review.hidden': {
    version: 1,
    when: 'a review cannot be read any more, whoever took it away',
    data: z.object({ reviewId, productId, state: z.string() }),
  },
  'reviews.review.changed': {
    version: 1,
    when: 'a review that everybody reads is edited',
    data: z.object({ reviewId, productId, version: z.number() }),
  },
  'reviews.review.replied': {
    version: 1,
    when: 'the shop answers a review',
    data: z.object({ reviewId, productId }),
  },
  'reviews.question.published': {
    version: 1,
    when: 'a question can be read by everybody',
    data: z.object({ questionId, productId }),
  },
  'reviews.question.hidden': {
    version: 1,
    when: 'a question cannot be read any more',
    data: z.object({ questionId, productId, state: z.string() }),
  },
  'reviews.question.answered': {
    version: 1,
    when: 'an answer to a question can be read by everybody',
    data: z.object({ questionId, productId, answerId: z.string() }),
  },
  'reviews.moderation.requested': {
    version: 1,
    when: 'something waits for staff to decide on it',
    data: z.object({
      itemId: z.string(),
      subjectType: z.enum(MODERATED),
      subjectId: z.string(),
      reasons: z.array(z.string()).readonly(),
    }),
    topics: () => [MODERATION],
  },
  'reviews.rating.changed': {
    version: 1,
    when: 'the figures of a product change; several changes at once are told as one',
    data: z.object({ productId }),
  },
});

export type ReviewsEvent = EventOf<typeof reviewsEvents>;

/** An event as it waits inside its document. */
export type OutgoingEvent = ReviewsEvent & WaitingEvent;
