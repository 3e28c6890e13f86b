import type { OutgoingEvent } from '../events.ts';
import type { QueueEntry } from './queue-entry.ts';

export type ModerationState = 'PENDING' | 'PUBLISHED' | 'REJECTED' | 'WITHDRAWN';
export type ReportReason = 'SPAM' | 'OFFENSIVE' | 'OFF_TOPIC' | 'PERSONAL_DATA' | 'FAKE';

export interface ReviewDocument {
  _id: string;
  productId: string;
  /** Null once the account is erased. */
  authorId: string | null;
  stars: number;
  title: string;
  body: string;
  mediaUrls: string[];
  isVerifiedPurchase: boolean;
  state: ModerationState;
  /** Stays until staff publish it, so that neither an edit nor taking it back washes a rejection off. */
  rejectionReason: string | null;
  reply: ShopReply | null;
  /** What votes.ts counted; the votes themselves are the truth. */
  helpfulCount: number;
  unhelpfulCount: number;
  /** What MOST_HELPFUL sorts by. */
  helpfulScore: number;
  /** Grows with every change of the two counters: a count made anew is written only over the counters it saw. */
  tally: number;
  /** Unsettled reports: those since staff last published it. */
  reportCount: number;
  /** Null when staff need not look. */
  queue: QueueEntry | null;
  /** Grows with every edit; what editors hand back. */
  version: number;
  /** Grows with every write but votes: no write goes through that was based on an older one. */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface ShopReply {
  body: string;
  /** Null when a machine wrote it, or once the account is erased. */
  authorId: string | null;
  repliedAt: Date;
}

export interface Report {
  userId: string;
  reason: ReportReason;
  comment: string | null;
  reportedAt: Date;
}

/** With what lists leave out: who reported it, and what is told to other domains. */
export interface StoredReview extends ReviewDocument {
  /** Of all times; a reader reports a review once. */
  reports: Report[];
  events: OutgoingEvent[];
  /** One that nobody needs any more stays until its last events are told. */
  deletedAt?: Date;
}
