import type { OutgoingEvent } from '../events.ts';

/** What this room knows of a product: its figures, and whether it may still be reviewed. */
export interface ProductDocument {
  _id: string;
  /** Published reviews by their stars, and how many of them by buyers. */
  stars: StarCounts;
  verified: number;
  /** Grows with every change of the figures: a count made anew is written only over the figures it saw. */
  tally: number;
  /** Set while the product is not for sale any more. */
  archivedAt: Date | null;
  events: OutgoingEvent[];
}

export type Stars = 1 | 2 | 3 | 4 | 5;
/** A star that nobody gave yet may be left out. */
export type StarCounts = Partial<Record<Stars, number>>;
