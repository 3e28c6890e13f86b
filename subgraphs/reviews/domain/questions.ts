/** Questions and answers: asking, answering, deciding. */
import { exhausted, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import type {
  AnswerDocument,
  AnswerOfQuestion,
  QuestionDocument,
  StoredQuestion,
} from '../store/question-document.ts';
import { findQuestions, insertQuestions } from '../store/questions.ts';
import { changeQuestion, lastAnsweredAt, type QuestionOutcome, questionNotFound } from './change-question.ts';
import type { ReviewsErrorCode } from './error-codes.ts';
import { checkDecision, type Decision } from './moderate-review.ts';
import { type AuthorStanding, reasonsToHold, standingOf } from './moderation-rules.ts';
import { eventsOfQuestion, outgoing } from './outgoing-events.ts';
import { productFault, quotaFault, standingOfAuthor } from './posting.ts';
import type { Actor, Services } from './services.ts';
import { ANSWER_TEXT, checkText, QUESTION_TEXT } from './texts.ts';
import { maySee } from './visibility.ts';

/** A thread is one document, and must stay a small one. */
const MAX_ANSWERS = 100;

export async function askQuestion(
  services: Services,
  actor: Actor,
  authorId: string,
  { productId, body: typed }: { productId: string; body: string },
): Promise<QuestionOutcome> {
  const body = checkText(QUESTION_TEXT, typed, 'body');
  if (!body.ok) return body;
  const [missing, standing] = await Promise.all([
    productFault(services, productId),
    standingOfAuthor(services, actor, authorId, productId),
  ]);
  const fault = missing ?? (await quotaFault(services, actor, authorId));
  if (fault) return refused(fault);
  const question = newQuestion(services, { authorId, productId, body: body.value, standing });
  const events = eventsOfQuestion(undefined, question).map((event) => outgoing(services, actor, event));
  await insertQuestions(services.stores, [{ ...question, events }]);
  return ok(question);
}

export async function postAnswer(
  services: Services,
  actor: Actor,
  authorId: string,
  { questionId, body: typed }: { questionId: string; body: string },
): Promise<Result<AnswerOfQuestion, ReviewsErrorCode>> {
  const body = checkText(ANSWER_TEXT, typed, 'body');
  if (!body.ok) return body;
  const [asked] = await findQuestions(services.stores, [questionId]);
  if (!asked || !maySee(actor.viewer, asked)) return refused(questionNotFound());
  const [missing, standing] = await Promise.all([
    productFault(services, asked.productId),
    standingOfAuthor(services, actor, authorId, asked.productId),
  ]);
  const fault = missing ?? (await quotaFault(services, actor, authorId));
  if (fault) return refused(fault);
  const { answer, held } = newAnswer(services, { authorId, body: body.value, standing });
  const changed = await changeQuestion(services, actor, questionId, (question) => {
    if (!maySee(actor.viewer, question)) return refused(questionNotFound());
    if (question.answers.length >= MAX_ANSWERS) {
      return refused(exhausted('ANSWER_LIMIT', `A question holds ${MAX_ANSWERS} answers`, 'questionId'));
    }
    const answers = [...question.answers, answer];
    // A held answer brings its question before staff, who decide about both; the question stays where it is.
    return ok(held.length === 0 ? { answers } : { answers, queue: queueOf(services, question, held) });
  });
  return changed.ok ? ok({ question: changed.value, answer }) : changed;
}

function queueOf(
  { newId, now }: Services,
  { queue }: QuestionDocument,
  held: ReturnType<typeof reasonsToHold>,
) {
  const reasons = [...new Set([...(queue?.reasons ?? []), ...held])];
  return standingOf({ held: reasons, reportCount: 0, queue, now: now(), newQueueId: () => newId('mod') })
    .queue;
}

export interface TypedQuestionDecision {
  questionId: string;
  decision: Decision;
  reason?: string | null | undefined;
}

export async function moderateQuestion(
  services: Services,
  actor: Actor,
  typed: TypedQuestionDecision,
): Promise<QuestionOutcome> {
  const checked = checkDecision(typed);
  if (!checked.ok) return checked;
  const state = checked.value === null ? 'PUBLISHED' : 'REJECTED';
  return changeQuestion(services, actor, typed.questionId, ({ answers }) =>
    ok({
      state,
      rejectionReason: checked.value,
      queue: null,
      answers: answers.map((answer) => ({ ...answer, state })),
    }),
  );
}

interface NewText {
  authorId: string;
  body: string;
  standing: AuthorStanding;
  /** The clock's when not given. */
  createdAt?: Date;
}

export function newQuestion(
  { rules, newId, now }: Services,
  { authorId, productId, body, standing, createdAt = now() }: NewText & { productId: string },
): StoredQuestion {
  const held = reasonsToHold(rules, [body], standing);
  return {
    _id: newId('qst'),
    productId,
    authorId,
    body,
    ...standingOf({ held, reportCount: 0, queue: null, now: createdAt, newQueueId: () => newId('mod') }),
    rejectionReason: null,
    answers: [],
    answeredAt: lastAnsweredAt([]),
    revision: 1,
    createdAt,
    events: [],
  };
}

export function newAnswer(
  { rules, newId, now }: Services,
  { authorId, body, standing, createdAt = now() }: NewText,
): { answer: AnswerDocument; held: ReturnType<typeof reasonsToHold> } {
  const held = reasonsToHold(rules, [body], standing);
  const answer: AnswerDocument = {
    id: newId('ans'),
    authorId,
    body,
    state: held.length > 0 ? 'PENDING' : 'PUBLISHED',
    isFromShop: standing.isStaff,
    isFromBuyer: standing.isBuyer,
    helpfulCount: 0,
    unhelpfulCount: 0,
    tally: 0,
    createdAt,
  };
  return { answer, held };
}
