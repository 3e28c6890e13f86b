/**
 * Loads what people of a shop are supposed to have written, from plain data with real ids. It goes by the rules of the
 * domain (texts are checked, a review a person and product, votes once a person) and by its counters, but in batches.
 * What is there already is left alone, so a load that was cut off can be run again.
 */
import type { Result } from '@souk/kit/errors/user-errors';
import { lastAnsweredAt } from './domain/change-question.ts';
import { whileCounting } from './domain/counting.ts';
import type { ReviewsErrorCode } from './domain/error-codes.ts';
import { helpfulScore } from './domain/helpfulness.ts';
import type { AuthorStanding } from './domain/moderation-rules.ts';
import { outgoing } from './domain/outgoing-events.ts';
import { newAnswer, newQuestion } from './domain/questions.ts';
import { addRatingChange, ratingChange } from './domain/rating.ts';
import { checkReviewInput, type ReviewContent } from './domain/review-input.ts';
import type { Services } from './domain/services.ts';
import { ANSWER_TEXT, checkText, QUESTION_TEXT } from './domain/texts.ts';
import { recordPurchases } from './domain/told-by-others.ts';
import { newReview } from './domain/write-review.ts';
import { addToRatings, type RatingChange } from './store/products.ts';
import type { StoredQuestion } from './store/question-document.ts';
import { findQuestionsOfAuthor, insertQuestions } from './store/questions.ts';
import type { StoredReview } from './store/review-document.ts';
import { findAllReviewsOfAuthor, insertReviews } from './store/reviews.ts';
import type { VoteDocument } from './store/vote-document.ts';
import { insertVotes, voteKey } from './store/votes.ts';

export interface SeedReview {
  authorId: string;
  productId: string;
  stars: number;
  title: string;
  body: string;
  /** Bought it, and got it before writing. */
  isBuyer: boolean;
  /** User ids. */
  helpfulTo: readonly string[];
  writtenAt: Date;
}

export interface SeedQuestion {
  authorId: string;
  productId: string;
  body: string;
  askedAt: Date;
  answers: readonly SeedAnswer[];
}

export interface SeedAnswer {
  authorId: string;
  isFromShop: boolean;
  body: string;
  helpfulTo: readonly string[];
  answeredAt: Date;
}

/** Told after each batch: how many of how many are done. */
export type Progress = (done: number, total: number) => void;

const BATCH = 500;
const DAY_MS = 24 * 60 * 60_000;

export async function seedReviews(
  services: Services,
  given: readonly SeedReview[],
  progress: Progress = () => {},
): Promise<number> {
  const present = await presentKeys(given, async (authorId) =>
    (await findAllReviewsOfAuthor(services.stores, authorId)).map(
      ({ productId }) => `${authorId}:${productId}`,
    ),
  );
  const missing = given.filter(({ authorId, productId }) => !present.has(`${authorId}:${productId}`));
  let done = given.length - missing.length;
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    await loadReviews(services, batch);
    done += batch.length;
    progress(done, given.length);
  }
  return missing.length;
}

async function loadReviews(services: Services, batch: readonly SeedReview[]): Promise<void> {
  const { stores } = services;
  await recordPurchases(
    services,
    batch
      .filter(({ isBuyer }) => isBuyer)
      .map(({ authorId, productId, writtenAt }) => ({
        userId: authorId,
        productId,
        deliveredAt: new Date(writtenAt.getTime() - 3 * DAY_MS),
      })),
  );
  const reviews: StoredReview[] = [];
  const votes: VoteDocument[] = [];
  const ratings = new Map<string, RatingChange>();
  for (const given of batch) {
    const review = reviewOf(services, given);
    reviews.push(review);
    votes.push(...votesOn(review._id, given.helpfulTo, given.writtenAt));
    const change = ratingChange(undefined, review);
    if (!change) continue;
    const sum = ratings.get(review.productId) ?? { stars: {}, verified: 0 };
    addRatingChange(sum, change);
    ratings.set(review.productId, sum);
  }
  const counted = [...ratings].map(([productId, change]) => ({
    productId,
    change,
    event: outgoing(services, {}, { type: 'reviews.rating.changed', data: { productId } }),
  }));
  await whileCounting(services, 'RATING', [...ratings.keys()], async () => {
    // Votes first: without its review a vote is nothing, and a review without its votes would be there already.
    await insertVotes(stores, votes);
    await insertReviews(stores, reviews);
    await addToRatings(stores, counted);
  });
}

function reviewOf(services: Services, given: SeedReview): StoredReview {
  const { stars, title, body, authorId, productId, isBuyer, helpfulTo, writtenAt } = given;
  const content = accepted(checkReviewInput(services.rules, { stars, title, body, mediaUrls: [] }), given);
  const standing = known(isBuyer);
  const review = newReview(services, {
    authorId,
    productId,
    content: content as ReviewContent,
    standing,
    createdAt: writtenAt,
  });
  const helpfulCount = helpfulTo.length;
  // Nobody waits for the news of reviews that are years old: no events.
  return { ...review, helpfulCount, helpfulScore: helpfulScore(helpfulCount, 0) };
}

export async function seedQuestions(
  services: Services,
  given: readonly SeedQuestion[],
  progress: Progress = () => {},
): Promise<number> {
  const present = await presentKeys(given, async (authorId) =>
    (await findQuestionsOfAuthor(services.stores, authorId)).map((asked) => questionKey(authorId, asked)),
  );
  const missing = given.filter((question) => !present.has(questionKey(question.authorId, question)));
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    const loaded = batch.map((question) => questionOf(services, question));
    await insertVotes(
      services.stores,
      loaded.flatMap(({ votes }) => votes),
    );
    await insertQuestions(
      services.stores,
      loaded.map(({ question }) => question),
    );
    progress(given.length - missing.length + start + batch.length, given.length);
  }
  return missing.length;
}

function questionOf(
  services: Services,
  given: SeedQuestion,
): { question: StoredQuestion; votes: VoteDocument[] } {
  const { authorId, productId, askedAt: createdAt } = given;
  const body = accepted(checkText(QUESTION_TEXT, given.body, 'body'), given);
  const asked = newQuestion(services, { authorId, productId, body, standing: known(false), createdAt });
  const votes: VoteDocument[] = [];
  const answers = given.answers.map(({ authorId, isFromShop, body, helpfulTo, answeredAt }) => {
    const standing = { ...known(!isFromShop), isStaff: isFromShop };
    const text = accepted(checkText(ANSWER_TEXT, body, 'body'), given);
    const { answer } = newAnswer(services, { authorId, body: text, standing, createdAt: answeredAt });
    votes.push(...votesOn(answer.id, helpfulTo, answeredAt));
    return { ...answer, helpfulCount: helpfulTo.length };
  });
  const question = { ...asked, answers, answeredAt: lastAnsweredAt(answers) };
  return { question, votes };
}

/** People of a shop's past are no newcomers to it. */
function known(isBuyer: boolean): AuthorStanding {
  return { isBuyer, hasPublished: true, isStaff: false };
}

function accepted<Value>(checked: Result<Value, ReviewsErrorCode>, given: unknown): Value {
  if (checked.ok) return checked.value;
  const faults = checked.errors.map(({ message }) => message).join('; ');
  throw new Error(`this cannot be loaded, ${faults}: ${JSON.stringify(given)}`);
}

function votesOn(subjectId: string, userIds: readonly string[], votedAt: Date): VoteDocument[] {
  return userIds.map((userId) => ({
    _id: voteKey(subjectId, userId),
    subjectId,
    userId,
    vote: 'HELPFUL',
    votedAt,
  }));
}

function questionKey(authorId: string, { productId, body }: { productId: string; body: string }): string {
  return `${authorId}:${productId}:${body}`;
}

async function presentKeys(
  given: readonly { authorId: string }[],
  keysOf: (authorId: string) => Promise<string[]>,
): Promise<Set<string>> {
  const authors = [...new Set(given.map(({ authorId }) => authorId))];
  return new Set((await Promise.all(authors.map(keysOf))).flat());
}
