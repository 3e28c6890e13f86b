import type { OutgoingEvent } from '../events.ts';
import type { QueueEntry } from './queue-entry.ts';
import type { ModerationState } from './review-document.ts';

export type QuestionState = Exclude<ModerationState, 'WITHDRAWN'>;

/** A question with its answers, at most a hundred, so that a thread is one read and a decision about it one write. */
export interface QuestionDocument {
  _id: string;
  productId: string;
  /** Null once the account is erased. */
  authorId: string | null;
  body: string;
  state: QuestionState;
  rejectionReason: string | null;
  answers: AnswerDocument[];
  /** When the last published answer was given; 1970 when there is none, since nothing may sort by null. */
  answeredAt: Date;
  queue: QueueEntry | null;
  /** Grows with every write but votes: no write goes through that was based on an older one. */
  revision: number;
  createdAt: Date;
}

export interface AnswerDocument {
  id: string;
  /** Null once the account is erased. */
  authorId: string | null;
  body: string;
  state: QuestionState;
  isFromShop: boolean;
  isFromBuyer: boolean;
  helpfulCount: number;
  unhelpfulCount: number;
  tally: number;
  createdAt: Date;
}

/** An answer together with what it answers. */
export interface AnswerOfQuestion {
  question: QuestionDocument;
  answer: AnswerDocument;
}

export interface StoredQuestion extends QuestionDocument {
  events: OutgoingEvent[];
  /** One that nobody needs any more stays until its last events are told. */
  deletedAt?: Date;
}
