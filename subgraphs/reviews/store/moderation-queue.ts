/** The queue is what waits in two collections, merged by one order: each is read by its own index, one page deep. */
import type { Page } from '@souk/kit/lists/connections';
import { mongodbPage } from '@souk/kit/lists/connections-mongodb';
import { ascending, defineOrder, descending } from '@souk/kit/lists/cursors';
import type { Collection, Filter } from 'mongodb';
import type { Collections } from './collections.ts';
import type { QuestionDocument, StoredQuestion } from './question-document.ts';
import type { ModerationReason, QueueEntry } from './queue-entry.ts';
import type { ReviewDocument, StoredReview } from './review-document.ts';

export const MOST_REPORTED = defineOrder('moderation.queue', [
  descending('queue.reportCount', 'number'),
  ascending('queue.queuedAt', 'instant'),
  ascending('queue.id', 'text'),
]);

export type QueuedReview = ReviewDocument & { queue: QueueEntry };
export type QueuedQuestion = QuestionDocument & { queue: QueueEntry };
export type QueuedSubject =
  | { type: 'REVIEW'; queue: QueueEntry; review: QueuedReview }
  | { type: 'QUESTION'; queue: QueueEntry; question: QueuedQuestion };

export interface QueueNarrowing {
  reasons?: readonly ModerationReason[] | undefined;
  productId?: string | undefined;
}

type Has = Pick<Collections, 'reviews' | 'questions'>;
type Waiting = StoredReview | StoredQuestion;

const READ = { events: 0, reports: 0 } as const;

export async function listQueue(
  { reviews, questions }: Has,
  narrowing: QueueNarrowing,
  page: Page,
): Promise<QueuedSubject[]> {
  const [waitingReviews, waitingQuestions] = await Promise.all([
    queueCursor(reviews, narrowing, page).toArray(),
    queueCursor(questions, narrowing, page).toArray(),
  ]);
  const subjects: QueuedSubject[] = [
    ...(waitingReviews as QueuedReview[]).map((review) => ({
      type: 'REVIEW' as const,
      queue: review.queue,
      review,
    })),
    ...(waitingQuestions as QueuedQuestion[]).map((question) => ({
      type: 'QUESTION' as const,
      queue: question.queue,
      question,
    })),
  ];
  const direction = page.backward ? -1 : 1;
  return subjects.sort((a, b) => direction * compareEntries(a.queue, b.queue)).slice(0, page.size + 1);
}

export function queueCursor<Row extends Waiting>(
  collection: Collection<Row>,
  narrowing: QueueNarrowing,
  page: Page,
) {
  const { filter, sort, limit } = mongodbPage<Row>(MOST_REPORTED, page, queued(narrowing));
  return collection.find(filter, { projection: READ }).sort(sort).limit(limit);
}

/** Nothing when it was decided since. */
export async function findQueued(
  { reviews, questions }: Has,
  {
    itemId,
    subjectType,
    subjectId,
  }: { itemId: string; subjectType: 'REVIEW' | 'QUESTION'; subjectId: string },
): Promise<QueuedSubject | undefined> {
  const still = { _id: subjectId, 'queue.id': itemId };
  if (subjectType === 'REVIEW') {
    const review = (await reviews.findOne(still, { projection: READ })) as QueuedReview | null;
    return review ? { type: 'REVIEW', queue: review.queue, review } : undefined;
  }
  const question = (await questions.findOne(still, { projection: READ })) as QueuedQuestion | null;
  return question ? { type: 'QUESTION', queue: question.queue, question } : undefined;
}

export async function countQueue({ reviews, questions }: Has, narrowing: QueueNarrowing): Promise<number> {
  const counts = await Promise.all([
    reviews.countDocuments(queued<StoredReview>(narrowing)),
    questions.countDocuments(queued<StoredQuestion>(narrowing)),
  ]);
  return counts[0] + counts[1];
}

function queued<Row extends Waiting>({ reasons, productId }: QueueNarrowing): Filter<Row> {
  return {
    'queue.reportCount': { $gte: 0 },
    ...(reasons ? { 'queue.reasons': { $in: [...reasons] } } : {}),
    ...(productId === undefined ? {} : { productId }),
  } as Filter<Row>;
}

function compareEntries(a: QueueEntry, b: QueueEntry): number {
  return (
    b.reportCount - a.reportCount ||
    a.queuedAt.getTime() - b.queuedAt.getTime() ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
