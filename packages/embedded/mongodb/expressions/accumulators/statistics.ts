// Standard deviations, medians and percentiles, all reckoned in doubles.
import { isNumber } from '../../values/kind.ts';
import { makeDouble, toNumber } from '../../values/numbers.ts';
import type { Value } from '../../values/types.ts';
import type { Accumulator } from './accumulator.ts';

/** Welford's method: one pass, and no cancellation. */
export function deviating(ofSample: boolean): Accumulator {
  let count = 0;
  let mean = 0;
  let squares = 0;
  return {
    bytes: 32,
    add(value) {
      if (!isNumber(value)) return;
      const n = toNumber(value);
      count += 1;
      const delta = n - mean;
      mean += delta / count;
      squares += delta * (n - mean);
    },
    result(): Value {
      const degrees = ofSample ? count - 1 : count;
      return degrees <= 0 ? null : makeDouble(Math.sqrt(squares / degrees));
    },
  };
}

/** The values themselves are kept: the percentiles are exact where MongoDB's are approximate. */
export function percentiles(ps: readonly number[]): Accumulator {
  const numbers: number[] = [];
  return {
    get bytes() {
      return 8 * numbers.length;
    },
    add(value) {
      if (isNumber(value)) numbers.push(toNumber(value));
    },
    result(): Value {
      if (numbers.length === 0) return ps.map(() => null);
      const sorted = Float64Array.from(numbers).sort();
      return ps.map((p) => makeDouble(sorted[rankOf(p, sorted.length)] as number));
    },
  };
}

export function median(): Accumulator {
  const half = percentiles([0.5]);
  return {
    get bytes() {
      return half.bytes;
    },
    add: half.add,
    result: () => (half.result() as Value[])[0],
  };
}

function rankOf(p: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.ceil(p * count) - 1));
}
