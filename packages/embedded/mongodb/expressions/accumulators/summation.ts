// Sums as $sum and $avg make them: exact for integers, compensated for doubles, apart for decimals.
import { Decimal128, Long } from 'bson';
import {
  type Decimal,
  exactDecimal,
  readDecimal,
  roundToFit,
  writeDecimal,
  ZERO_DECIMAL,
} from '../../values/decimal.ts';
import { addDecimals, divideDecimals } from '../../values/decimal-arithmetic.ts';
import { isNumber, type Numeric } from '../../values/kind.ts';
import {
  LONG_MAX,
  LONG_MIN,
  longToBigInt,
  makeDouble,
  makeIntOrLong,
  makeLong,
  type NumberKind,
  numberKind,
  toNumber,
} from '../../values/numbers.ts';
import type { Value } from '../../values/types.ts';
import type { Accumulator } from './accumulator.ts';

const WIDTH: Record<NumberKind, number> = { int: 0, long: 1, double: 2, decimal: 3 };
const BYTES = 64;

/** A running sum of numbers; its type is the widest of those added. */
export class Summation {
  private kind: NumberKind = 'int';
  /** Integers as long as they are safe in a double, the rest of them beside it. */
  private small = 0;
  private large = 0n;
  private doubles = 0;
  /** What rounding took from `doubles`. */
  private lost = 0;
  /** Right when infinities and NaN took part. */
  private plain = 0;
  private decimals: Decimal = ZERO_DECIMAL;
  count = 0;

  add(value: Numeric): void {
    const kind = numberKind(value);
    if (WIDTH[kind] > WIDTH[this.kind]) this.kind = kind;
    this.count += 1;
    if (kind === 'int') this.addSmall(value as number);
    else if (value instanceof Long) this.large += longToBigInt(value);
    else if (value instanceof Decimal128) this.decimals = addDecimals(this.decimals, readDecimal(value));
    else this.addDouble(toNumber(value));
  }

  private addSmall(n: number): void {
    this.small += n;
    if (!Number.isSafeInteger(this.small)) {
      this.large += BigInt(this.small - n) + BigInt(n);
      this.small = 0;
    }
  }

  private addDouble(n: number): void {
    this.plain += n;
    const sum = this.doubles + n;
    const part = sum - this.doubles;
    this.lost += this.doubles - (sum - part) + (n - part);
    this.doubles = sum;
  }

  total(): Numeric {
    if (this.kind === 'decimal') return writeDecimal(this.decimalTotal());
    const integers = this.integers();
    const fits = integers >= LONG_MIN && integers <= LONG_MAX;
    if (this.kind === 'double' || !fits) return makeDouble(this.doubleTotal());
    return this.kind === 'int' ? makeIntOrLong(integers) : makeLong(integers);
  }

  /** The mean as a double, or as a decimal where one was added; only for a count above zero. */
  mean(): Numeric {
    if (this.kind !== 'decimal') return makeDouble(this.doubleTotal() / this.count);
    return writeDecimal(divideDecimals(this.decimalTotal(), exactDecimal(this.count)));
  }

  private integers(): bigint {
    return this.large + BigInt(this.small);
  }

  private doubleTotal(): number {
    const integers = this.integers();
    const nearest = Number(integers);
    const rest = Number(integers - BigInt(nearest));
    const sum = this.doubles + nearest;
    const part = sum - this.doubles;
    const total = sum + (this.lost + rest + (this.doubles - (sum - part)) + (nearest - part));
    return Number.isNaN(total) ? this.plain + nearest : total;
  }

  private decimalTotal(): Decimal {
    const doubles = addDecimals(rounded(exactDecimal(this.doubles)), rounded(exactDecimal(this.lost)));
    const integers = this.integers();
    const whole = roundToFit({
      negative: integers < 0n,
      coefficient: integers < 0n ? -integers : integers,
      exponent: 0,
    });
    const rest = this.hasDoubles() ? addDecimals(doubles, whole) : whole;
    return addDecimals(this.decimals, rest);
  }

  private hasDoubles(): boolean {
    return this.plain !== 0 || this.doubles !== 0 || Number.isNaN(this.plain);
  }
}

/** A double's exact digits, as many as a decimal holds. */
function rounded(decimal: Decimal): Decimal {
  return decimal.special === undefined ? roundToFit(decimal) : decimal;
}

export function summing(): Accumulator {
  const sum = new Summation();
  return {
    bytes: BYTES,
    add: (value) => {
      if (isNumber(value)) sum.add(value);
    },
    result: () => sum.total(),
  };
}

export function averaging(): Accumulator {
  const sum = new Summation();
  return {
    bytes: BYTES,
    add: (value) => {
      if (isNumber(value)) sum.add(value);
    },
    result: (): Value => (sum.count === 0 ? null : sum.mean()),
  };
}
