/** Events as they wait in a document, and which of them a change of a review or a question makes. */
import { stampEvent } from '@souk/kit/events/events';
import { type OutgoingEvent, type ReviewsEvent, reviewsEvents } from '../events.ts';
import type { QuestionDocument } from '../store/question-document.ts';
import type { ReviewDocument } from '../store/review-document.ts';
import type { Actor, Services } from './services.ts';

export function outgoing(
  { newId }: Pick<Services, 'newId'>,
  actor: Pick<Actor, 'requestId'>,
  event: ReviewsEvent,
): OutgoingEvent {
  return stampEvent(reviewsEvents, newId, event, actor.requestId);
}

/** `before` is nothing for a new review. */
export function eventsOfReview(before: ReviewDocument | undefined, after: ReviewDocument): ReviewsEvent[] {
  const { _id: reviewId, productId, stars, state, version } = after;
  const events: ReviewsEvent[] = [];
  const wasPublic = before?.state === 'PUBLISHED';
  const isPublic = state === 'PUBLISHED';
  if (isPublic && !wasPublic) {
    events.push({ type: 'reviews.review.published', data: { reviewId, productId, stars } });
  }
  if (wasPublic && !isPublic) {
    events.push({ type: 'reviews.review.hidden', data: { reviewId, productId, state } });
  }
  if (wasPublic && isPublic && version !== before.version) {
    events.push({ type: 'reviews.review.changed', data: { reviewId, productId, version } });
  }
  if (after.reply && after.reply.repliedAt !== before?.reply?.repliedAt) {
    events.push({ type: 'reviews.review.replied', data: { reviewId, productId } });
  }
  return [...events, ...requestsOfModeration('REVIEW', before, after)];
}

export function eventsOfQuestion(
  before: QuestionDocument | undefined,
  after: QuestionDocument,
): ReviewsEvent[] {
  const { _id: questionId, productId, state } = after;
  const events: ReviewsEvent[] = [];
  const wasPublic = before?.state === 'PUBLISHED';
  const isPublic = state === 'PUBLISHED';
  if (isPublic && !wasPublic) {
    events.push({ type: 'reviews.question.published', data: { questionId, productId } });
  }
  if (wasPublic && !isPublic) {
    events.push({ type: 'reviews.question.hidden', data: { questionId, productId, state } });
  }
  if (isPublic) {
    const known = new Set(before?.answers.filter(isPublished).map(({ id }) => id));
    for (const { id: answerId } of after.answers.filter(isPublished).filter(({ id }) => !known.has(id))) {
      events.push({ type: 'reviews.question.answered', data: { questionId, productId, answerId } });
    }
  }
  return [...events, ...requestsOfModeration('QUESTION', before, after)];
}

function isPublished({ state }: { state: string }): boolean {
  return state === 'PUBLISHED';
}

type Waiting = Pick<ReviewDocument | QuestionDocument, '_id' | 'queue'>;

function requestsOfModeration(
  subjectType: 'REVIEW' | 'QUESTION',
  before: Waiting | undefined,
  { _id: subjectId, queue }: Waiting,
): ReviewsEvent[] {
  if (!queue || queue.id === before?.queue?.id) return [];
  const data = { itemId: queue.id, subjectType, subjectId, reasons: queue.reasons };
  return [{ type: 'reviews.moderation.requested', data }];
}
