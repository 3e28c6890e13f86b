import type { Value } from '../../values/types.ts';

/** Takes values one by one and answers for all of them: in $group, in windows, and over arrays. */
export interface Accumulator {
  add(value: Value | undefined): void;
  result(): Value | undefined;
  /** Bytes held for the values taken so far, roughly. */
  readonly bytes: number;
}
