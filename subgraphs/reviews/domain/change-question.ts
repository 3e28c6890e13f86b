/** The one way to change a question or its answers: on top of the latest state, with the events that this makes. */
import { notFound, ok, type Result, refused, type UserError } from '@souk/kit/errors/user-errors';
import type { AnswerDocument, QuestionDocument } from '../store/question-document.ts';
import { findQuestions, type QuestionFields, updateQuestion } from '../store/questions.ts';
import type { ReviewsErrorCode } from './error-codes.ts';
import { eventsOfQuestion, outgoing } from './outgoing-events.ts';
import type { Actor, Services } from './services.ts';

export type QuestionOutcome = Result<QuestionDocument, ReviewsErrorCode>;
/** What a rule wants changed, or why not. It may be asked more than once. */
export type DecideQuestion = (question: QuestionDocument) => Result<QuestionFields, ReviewsErrorCode>;

const MAX_RACES = 200;
/** For questions without an answer: nothing may sort by null. */
export const NEVER = new Date(0);

export async function changeQuestion(
  services: Services,
  actor: Actor,
  questionId: string,
  decide: DecideQuestion,
): Promise<QuestionOutcome> {
  for (let race = 0; race < MAX_RACES; race++) {
    const [question] = await findQuestions(services.stores, [questionId]);
    if (!question) return refused(questionNotFound());
    const decided = decide(question);
    if (!decided.ok) return decided;
    const fields = withTimeOfAnswer(decided.value);
    const events = eventsOfQuestion(question, { ...question, ...fields }).map((event) =>
      outgoing(services, actor, event),
    );
    const changed = await updateQuestion(services.stores, questionId, question.revision, fields, events);
    if (changed) return ok(changed);
  }
  throw new Error(`${questionId} was changed by others ${MAX_RACES} times while one change was tried`);
}

export function questionNotFound(): UserError<ReviewsErrorCode> {
  return notFound('QUESTION_NOT_FOUND', 'There is no such question, or you may not see it', 'questionId');
}

export function publishedAnswers({ answers }: Pick<QuestionDocument, 'answers'>): AnswerDocument[] {
  return answers.filter(({ state }) => state === 'PUBLISHED');
}

export function lastAnsweredAt(answers: AnswerDocument[]): Date {
  const times = publishedAnswers({ answers }).map(({ createdAt }) => createdAt.getTime());
  return times.length > 0 ? new Date(Math.max(...times)) : NEVER;
}

function withTimeOfAnswer(fields: QuestionFields): QuestionFields {
  return fields.answers ? { ...fields, answeredAt: lastAnsweredAt(fields.answers) } : fields;
}
