import type { OutgoingEvent } from '../events.ts';

export interface CategoryDocument {
  _id: string;
  slug: string;
  /** The slug and every earlier one. Unique among all categories. */
  slugs: string[];
  name: string;
  description: string | null;
  /** Null at the top. */
  parentId: string | null;
  /** From the top down to the parent. */
  ancestorIds: string[];
  /** Place among its siblings, from 0. */
  position: number;
  /** Published products here and below. */
  productCount: number;
  version: number;
  /**
   * Set while what hangs on its place (paths below it, products on it) may be behind. The sweeper brings it up to date
   * once this time has come, and so also ends what a killed process began.
   */
  settleAt?: Date;
  /** A deleted one stays as long as its last events are not told. */
  deletedAt?: Date;
}

export interface StoredCategory extends CategoryDocument {
  events: OutgoingEvent[];
}
