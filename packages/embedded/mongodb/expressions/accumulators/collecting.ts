// Accumulators that keep values: $first, $last, $push, $addToSet, $firstN, $lastN, $mergeObjects.
import type { Collator } from '../../values/collation.ts';
import { newDoc } from '../../values/fields.ts';
import { hashKey } from '../../values/hash-key.ts';
import { isNullish } from '../../values/kind.ts';
import type { Value } from '../../values/types.ts';
import { sizeWithin } from '../meter.ts';
import { mergeInto } from '../objects.ts';
import type { Accumulator } from './accumulator.ts';

const sizeOf = (value: Value | undefined) => sizeWithin(value, Number.POSITIVE_INFINITY);

export function first(): Accumulator {
  let kept: { value: Value | undefined } | undefined;
  let bytes = 16;
  return {
    get bytes() {
      return bytes;
    },
    add(value) {
      if (kept) return;
      kept = { value };
      bytes = sizeOf(value);
    },
    result: () => kept?.value ?? null,
  };
}

export function last(): Accumulator {
  let kept: Value | undefined;
  let bytes = 16;
  return {
    get bytes() {
      return bytes;
    },
    add(value) {
      kept = value;
      bytes = sizeOf(value);
    },
    result: () => kept ?? null,
  };
}

export function pushing(): Accumulator {
  const values: Value[] = [];
  let bytes = 16;
  return {
    get bytes() {
      return bytes;
    },
    add(value) {
      if (value === undefined) return;
      values.push(value);
      bytes += 8 + sizeOf(value);
    },
    result: () => values.slice(),
  };
}

export function distinct(collator: Collator | undefined): Accumulator {
  const found = new Map<string, Value>();
  let bytes = 16;
  return {
    get bytes() {
      return bytes;
    },
    add(value) {
      if (value === undefined) return;
      const key = hashKey(value, collator);
      if (found.has(key)) return;
      found.set(key, value);
      bytes += 32 + key.length + sizeOf(value);
    },
    result: () => [...found.values()],
  };
}

export function firstN(n: number): Accumulator {
  const values: Value[] = [];
  let bytes = 16;
  return {
    get bytes() {
      return bytes;
    },
    add(value) {
      if (values.length >= n) return;
      values.push(value ?? null);
      bytes += 8 + sizeOf(value);
    },
    result: () => values.slice(),
  };
}

export function lastN(n: number): Accumulator {
  let values: Value[] = [];
  let bytes = 16;
  return {
    get bytes() {
      return bytes;
    },
    add(value) {
      values.push(value ?? null);
      bytes += 8 + sizeOf(value);
      // Twice as many as wanted: dropping them one by one would move the rest each time.
      if (values.length < 2 * n) return;
      values = values.slice(-n);
      bytes = 16 + sizeOf(values);
    },
    result: () => values.slice(-n),
  };
}

export function merging(): Accumulator {
  const merged = newDoc();
  let bytes = 16;
  return {
    get bytes() {
      return bytes;
    },
    add(value) {
      if (isNullish(value)) return;
      mergeInto(merged, value);
      bytes += sizeOf(value);
    },
    result: () => merged,
  };
}
