/** What resolvers hand on for the types of the SDL that are no document themselves. */
import type { Connection } from '@souk/kit/lists/connections';
import type { QueuedSubject } from './store/moderation-queue.ts';
import type { AnswerOfQuestion, QuestionDocument } from './store/question-document.ts';
import type { ReviewDocument } from './store/review-document.ts';

/** Another domain's thing: its id is all that is known of it here. */
export interface Reference {
  id: string;
}

/** An answer as lists sort it. */
export interface AnswerRow extends AnswerOfQuestion {
  helpfulScore: number;
}

export type ReviewPage = Connection<ReviewDocument>;
export type QuestionPage = Connection<QuestionDocument>;
export type AnswerPage = Connection<AnswerRow>;
export type ModerationPage = Connection<QueuedSubject>;
