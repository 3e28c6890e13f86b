export type ModerationReason = 'REPORTED' | 'BLOCKED_WORD' | 'LINK' | 'FIRST_POST' | 'REJECTED_BEFORE';

/** Kept inside what waits, so that a decision and the end of its waiting are one write. */
export interface QueueEntry {
  id: string;
  reasons: ModerationReason[];
  /** The same as in the document around it; here so that one index sorts the queue. */
  reportCount: number;
  queuedAt: Date;
}
