/** Votes count once a user: the vote is a document of its own, and its change is what the counters change by. */
import { forbidden, notFound, ok, type Result, refused, type UserError } from '@souk/kit/errors/user-errors';
import type { AnswerOfQuestion } from '../store/question-document.ts';
import { addToAnswerVotes, findQuestionOfAnswer } from '../store/questions.ts';
import type { ReviewDocument } from '../store/review-document.ts';
import { addToReviewVotes, findReviews, setHelpfulScore } from '../store/reviews.ts';
import type { Vote } from '../store/vote-document.ts';
import { removeVote, replaceVote, type VoteCounts } from '../store/votes.ts';
import { type ReviewOutcome, reviewNotFound } from './change-review.ts';
import { whileCounting } from './counting.ts';
import type { ReviewsErrorCode } from './error-codes.ts';
import { helpfulScore } from './helpfulness.ts';
import type { Actor, Services } from './services.ts';
import { isAuthor, maySee } from './visibility.ts';

/** `NONE` takes an earlier vote back. */
export type TypedVote = Vote | 'NONE';

export async function voteOnReview(
  services: Services,
  { viewer }: Actor,
  userId: string,
  { reviewId, vote }: { reviewId: string; vote: TypedVote },
): Promise<ReviewOutcome> {
  const [review] = await findReviews(services.stores, [reviewId]);
  if (!review || !maySee(viewer, review)) return refused(reviewNotFound());
  if (isAuthor(viewer, review)) return refused(ownContent('reviewId'));
  return ok((await castOnReview(services, userId, reviewId, vote)) ?? review);
}

/** Nothing when it changed nothing. */
export async function castOnReview(
  services: Services,
  userId: string,
  reviewId: string,
  vote: TypedVote,
): Promise<ReviewDocument | null> {
  const { stores } = services;
  return whileCounting(services, 'REVIEW_VOTES', [reviewId], async () => {
    const change = await cast(services, reviewId, userId, vote);
    if (!change) return null;
    const review = await addToReviewVotes(stores, reviewId, change);
    if (!review) return null;
    const score = helpfulScore(review.helpfulCount, review.unhelpfulCount);
    await setHelpfulScore(stores, reviewId, review.tally, score);
    return { ...review, helpfulScore: score };
  });
}

export async function voteOnAnswer(
  services: Services,
  { viewer }: Actor,
  userId: string,
  { answerId, vote }: { answerId: string; vote: TypedVote },
): Promise<Result<AnswerOfQuestion, ReviewsErrorCode>> {
  const question = await findQuestionOfAnswer(services.stores, answerId);
  const answer = question?.answers.find(({ id }) => id === answerId);
  if (!question || !answer || !maySee(viewer, question) || !maySee(viewer, answer)) {
    return refused(
      notFound('ANSWER_NOT_FOUND', 'There is no such answer, or you may not see it', 'answerId'),
    );
  }
  if (isAuthor(viewer, answer)) return refused(ownContent('answerId'));
  return ok((await castOnAnswer(services, userId, answerId, vote)) ?? { question, answer });
}

/** Nothing when it changed nothing. */
export async function castOnAnswer(
  services: Services,
  userId: string,
  answerId: string,
  vote: TypedVote,
): Promise<AnswerOfQuestion | null> {
  return whileCounting(services, 'ANSWER_VOTES', [answerId], async () => {
    const change = await cast(services, answerId, userId, vote);
    const question = change && (await addToAnswerVotes(services.stores, answerId, change));
    const answer = question?.answers.find(({ id }) => id === answerId);
    return question && answer ? { question, answer } : null;
  });
}

function ownContent(field: string): UserError<ReviewsErrorCode> {
  return forbidden('OWN_CONTENT', 'Nobody votes on their own words', field);
}

async function cast(
  { stores, now }: Services,
  subjectId: string,
  userId: string,
  vote: TypedVote,
): Promise<VoteCounts | undefined> {
  const earlier =
    vote === 'NONE'
      ? await removeVote(stores, subjectId, userId)
      : await replaceVote(stores, { subjectId, userId, vote, votedAt: now() });
  if (earlier === (vote === 'NONE' ? undefined : vote)) return undefined;
  const change = (which: Vote) => Number(vote === which) - Number(earlier === which);
  return { helpful: change('HELPFUL'), unhelpful: change('UNHELPFUL') };
}
