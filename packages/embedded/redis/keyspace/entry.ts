import type { Indexed } from '../values/indexed-map.ts';
import type { Value } from '../values/value.ts';

/** A key with what it holds. */
export interface Entry extends Indexed {
  value: Value;
  /** Milliseconds since 1970; Infinity for a key that stays. */
  expireAt: number;
  /** Where it stands in the expiry queue; Infinity when it does not. */
  queuedFor: number;
  usedAt: number;
}
