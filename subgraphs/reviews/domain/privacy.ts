/** What this room does about one person who asks for their data, or to be forgotten. Both may be called again. */

import { ok } from '@souk/kit/errors/user-errors';
import type { PrivacyDuties } from '@souk/kit/room/privacy';
import { deletePurchasesOfUser, findPurchasesOfUser } from '../store/purchases.ts';
import type { QuestionDocument } from '../store/question-document.ts';
import { dropDeletedQuestion, findQuestionsAnsweredBy, findQuestionsOfAuthor } from '../store/questions.ts';
import { deleteQuotasOfUser } from '../store/quotas.ts';
import type { ReviewDocument } from '../store/review-document.ts';
import {
  dropDeletedReview,
  findAllReviewsOfAuthor,
  findReviewsReportedBy,
  forgetReplier,
  forgetReporter,
} from '../store/reviews.ts';
import { deleteVotesOn, findVotesOfUser } from '../store/votes.ts';
import { changeQuestion, publishedAnswers } from './change-question.ts';
import { changeReview } from './change-review.ts';
import type { Actor, Services } from './services.ts';
import { castOnAnswer, castOnReview } from './votes.ts';

const VOTES_AT_ONCE = 50;
const EVERYTHING = Number.MAX_SAFE_INTEGER;
const NOBODY: Actor = { viewer: { scopes: [] } };

const RETAINED =
  'Stars of published reviews, without words or author: they identify nobody (GDPR recital 26). Answers by staff are the words of the shop';

export function createPrivacyDuties(services: Services): PrivacyDuties {
  return {
    exportUser: (userId) => exportUser(services, userId),
    eraseUser: (userId) => eraseUser(services, userId),
  };
}

export async function exportUser(
  { stores }: Services,
  userId: string,
): Promise<{ records: number; data: unknown }> {
  const reviews = await findAllReviewsOfAuthor(stores, userId);
  const asked = await findQuestionsOfAuthor(stores, userId);
  const answered = await findQuestionsAnsweredBy(stores, userId);
  const reported = await findReviewsReportedBy(stores, userId);
  const data = {
    reviews: reviews.map(exportedReview),
    questions: asked.map(({ _id, productId, body, state, createdAt }) => ({
      id: _id,
      productId,
      body,
      state,
      createdAt,
    })),
    answers: answered.flatMap(({ _id, answers }) =>
      answers
        .filter(({ authorId }) => authorId === userId)
        .map(({ id, body, state, createdAt }) => ({ id, questionId: _id, body, state, createdAt })),
    ),
    votes: (await findVotesOfUser(stores, userId, EVERYTHING)).map(({ subjectId, vote, votedAt }) => ({
      subjectId,
      vote,
      votedAt,
    })),
    reports: reported.flatMap(({ _id, reports }) =>
      reports
        .filter((report) => report.userId === userId)
        .map(({ reason, comment, reportedAt }) => ({ reviewId: _id, reason, comment, reportedAt })),
    ),
    purchases: (await findPurchasesOfUser(stores, userId)).map(({ productId, deliveredAt }) => ({
      productId,
      deliveredAt,
    })),
  };
  return { records: Object.values(data).reduce((sum, list) => sum + list.length, 0), data };
}

function exportedReview(review: ReviewDocument) {
  const { _id, productId, stars, title, body, mediaUrls, state, rejectionReason, createdAt, updatedAt } =
    review;
  return { id: _id, productId, stars, title, body, mediaUrls, state, rejectionReason, createdAt, updatedAt };
}

export async function eraseUser(
  services: Services,
  userId: string,
): Promise<{ records: number; retained: string }> {
  const { stores } = services;
  let records = await takeBackVotes(services, userId);
  for (const review of await findAllReviewsOfAuthor(stores, userId)) {
    await forgetReview(services, review);
    records += 1;
  }
  for (const question of await findQuestionsAnsweredBy(stores, userId)) {
    records += await forgetAnswers(services, question, userId);
  }
  for (const question of await findQuestionsOfAuthor(stores, userId)) {
    await forgetQuestion(services, question);
    records += 1;
  }
  records += await forgetReporter(stores, userId);
  records += await forgetReplier(stores, userId);
  records += await deletePurchasesOfUser(stores, userId);
  await deleteQuotasOfUser(stores, userId);
  return { records, retained: RETAINED };
}

async function takeBackVotes(services: Services, userId: string): Promise<number> {
  let taken = 0;
  for (;;) {
    const votes = await findVotesOfUser(services.stores, userId, VOTES_AT_ONCE);
    if (votes.length === 0) return taken;
    await Promise.all(
      votes.map(({ subjectId }) =>
        subjectId.startsWith('rev_')
          ? castOnReview(services, userId, subjectId, 'NONE')
          : castOnAnswer(services, userId, subjectId, 'NONE'),
      ),
    );
    taken += votes.length;
  }
}

/** A published one goes on counting as so many stars by nobody; any other one is gone. */
async function forgetReview(services: Services, review: ReviewDocument): Promise<void> {
  const { stores, now } = services;
  const changed = await changeReview(services, NOBODY, review._id, ({ version, state }) =>
    ok({
      ...(state === 'PUBLISHED' ? {} : { deletedAt: now() }),
      authorId: null,
      title: '',
      body: '',
      mediaUrls: [],
      rejectionReason: null,
      // It answers words that are gone, and may quote them.
      reply: null,
      queue: null,
      reports: [],
      reportCount: 0,
      version: version + 1,
      updatedAt: now(),
    }),
  );
  if (changed.ok && changed.value.state === 'PUBLISHED') return;
  await dropDeletedReview(stores, review._id);
  await deleteVotesOn(stores, [review._id]);
}

/** What somebody answered for the shop stays the shop's answer. */
async function forgetAnswers(
  services: Services,
  question: QuestionDocument,
  userId: string,
): Promise<number> {
  const own = question.answers.filter(({ authorId }) => authorId === userId);
  await changeQuestion(services, NOBODY, question._id, ({ answers }) =>
    ok({
      answers: answers
        .filter(({ authorId, isFromShop }) => authorId !== userId || isFromShop)
        .map((answer) => (answer.authorId === userId ? { ...answer, authorId: null } : answer)),
    }),
  );
  const gone = own.filter(({ isFromShop }) => !isFromShop).map(({ id }) => id);
  await deleteVotesOn(services.stores, gone);
  return own.length;
}

/** One that others have answered stays as the place of their answers. */
async function forgetQuestion(services: Services, question: QuestionDocument): Promise<void> {
  const { stores, now } = services;
  let isKept = false;
  await changeQuestion(services, NOBODY, question._id, (current) => {
    isKept = current.state === 'PUBLISHED' && publishedAnswers(current).length > 0;
    const nothing = { authorId: null, body: '' };
    if (isKept) return ok(nothing);
    return ok({ ...nothing, state: 'REJECTED', answers: [], queue: null, deletedAt: now() });
  });
  if (isKept) return;
  await dropDeletedQuestion(stores, question._id);
  await deleteVotesOn(
    stores,
    question.answers.map(({ id }) => id),
  );
}
