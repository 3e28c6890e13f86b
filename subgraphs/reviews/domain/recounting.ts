/**
 * Counts anew from what is counted. It is exact beside writers at work: it reads the counter's tally, counts, sees that
 * no writer has a note, and writes only if the tally is still the same. Whatever a writer had written when it was counted
 * is then either counted by them already or made the tally another.
 */

import { ensureProduct, overwriteRating } from '../store/products.ts';
import { findQuestionOfAnswer, overwriteAnswerVotes } from '../store/questions.ts';
import type { CountedKind, RecountDocument } from '../store/recount-document.ts';
import { deleteRecounts, findDueRecounts, findRecountsOf, postponeRecount } from '../store/recounts.ts';
import { countPublished, findReviews, overwriteReviewVotes } from '../store/reviews.ts';
import { countVotes } from '../store/votes.ts';
import { helpfulScore } from './helpfulness.ts';
import { outgoing } from './outgoing-events.ts';
import type { Services } from './services.ts';

const AT_ONCE = 100;
const LATER_MS = 5_000;

/** Counts anew whatever a dead process may have left wrong; answers how much that was. */
export async function recountDue(services: Services): Promise<number> {
  const { stores, now } = services;
  const notes = await findDueRecounts(stores, now(), AT_ONCE);
  let done = 0;
  for (const note of notes) {
    if (await recount(services, note.kind, note.subjectId)) {
      await deleteRecounts(stores, [note._id]);
      done += 1;
    } else {
      await postponeRecount(stores, note._id, new Date(now().getTime() + LATER_MS));
    }
  }
  return done;
}

/** False when others are at work on the counter; to be tried again later. */
export async function recount(services: Services, kind: CountedKind, subjectId: string): Promise<boolean> {
  return RECOUNTS[kind](services, subjectId);
}

const RECOUNTS: Record<CountedKind, (services: Services, subjectId: string) => Promise<boolean>> = {
  async RATING(services, productId) {
    const { tally } = await ensureProduct(services.stores, productId);
    const change = await countPublished(services.stores, productId);
    if (await isBeingCounted(services, productId)) return false;
    const event = outgoing(services, {}, { type: 'reviews.rating.changed', data: { productId } });
    return overwriteRating(services.stores, { productId, change, event }, tally);
  },

  async REVIEW_VOTES(services, reviewId) {
    const [review] = await findReviews(services.stores, [reviewId]);
    if (!review) return true;
    const counts = await countVotes(services.stores, reviewId);
    if (await isBeingCounted(services, reviewId)) return false;
    const score = helpfulScore(counts.helpful, counts.unhelpful);
    return overwriteReviewVotes(services.stores, reviewId, review.tally, counts, score);
  },

  async ANSWER_VOTES(services, answerId) {
    const question = await findQuestionOfAnswer(services.stores, answerId);
    const answer = question?.answers.find(({ id }) => id === answerId);
    if (!answer) return true;
    const counts = await countVotes(services.stores, answerId);
    if (await isBeingCounted(services, answerId)) return false;
    return overwriteAnswerVotes(services.stores, answerId, answer.tally, counts);
  },
};

async function isBeingCounted({ stores, now }: Services, subjectId: string): Promise<boolean> {
  const notes = await findRecountsOf(stores, subjectId);
  return notes.some((note: RecountDocument) => note.dueAt > now());
}
