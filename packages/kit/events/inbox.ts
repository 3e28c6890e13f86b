/** Where a listening domain remembers which events it has applied: inbox-postgres.ts and inbox-mongodb.ts. */
import type { ToldEvent } from './events.ts';

export interface Delivery {
  event: ToldEvent;
  /** The domain that tells it. */
  from: string;
  /** Rises with every reader: a lower one was taken for dead, and must not write where a later one has written. */
  fence: number;
}

export interface Inbox<Place> {
  /** Calls `apply` unless the event was applied before. What it does in `place` comes about once, whoever dies when. */
  once(delivery: Delivery, apply: (place: Place) => Promise<void>): Promise<'applied' | 'seen'>;
  /** Drops what is older than any event that could still come again. */
  tidy(): Promise<void>;
}

/** Longer than any stream is kept; a dead letter was not applied, so it may lie for as long as it likes. */
export const REMEMBERED_MS = 30 * 24 * 60 * 60_000;
