import type { Told } from '@souk/kit/events/inbox-mongodb';
import type { OutgoingEvent } from '../events.ts';

/** What this room knows of a product: its figures, and whether it may still be reviewed. */
export interface ProductDocument extends Told {
  _id: string;
  /** Published reviews by their stars, and how many of them by buyers. */
  stars: StarCounts;
  verified: number;
  /** Grows with every change of the figures: a count made anew is written only over the figures it saw. */
  tally: number;
  /** Since when the catalog has it in the shop; not there as long as this room has heard nothing of that. */
  listedAt?: Date;
  /** Set while the product is not for sale any more. */
  archivedAt: Date | null;
  events: OutgoingEvent[];
}

export type Stars = 1 | 2 | 3 | 4 | 5;
/** A star that nobody gave yet may be left out. */
export type StarCounts = Partial<Record<Stars, number>>;
