/** Base and head, both composed: what can be compared. */
import type { Composed, Snapshot } from './snapshot.ts';

export interface Sides {
  base: Snapshot;
  head: Snapshot;
  before: Composed;
  after: Composed;
}
