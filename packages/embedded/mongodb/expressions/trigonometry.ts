// Angles. Decimals are refused: no double is exact enough to answer with 34 digits.
import { Decimal128 } from 'bson';
import { location, MongoError } from '../errors.ts';
import { parseDecimal, writeDecimal } from '../values/decimal.ts';
import { divideDecimals, multiplyDecimals } from '../values/decimal-arithmetic.ts';
import { isNullish, isNumber, kindOf, type Numeric } from '../values/kind.ts';
import { makeDouble, toDecimalParts, toNumber } from '../values/numbers.ts';
import { numeric } from './arithmetic.ts';
import type { OperatorTable } from './expression.ts';
import { numberText } from './number-text.ts';
import { binary } from './operands.ts';

const PI = parseDecimal('3.141592653589793238462643383279503')!;
const HALF_TURN = parseDecimal('180')!;

/** The bounds of an operator's domain and whether each belongs to it. */
interface Domain {
  low: number;
  high: number;
  open: boolean;
}

const FINITE: Domain = { low: -Infinity, high: Infinity, open: true };

function trigonometric(apply: (n: number) => number, domain?: Domain) {
  return numeric((value, name) => {
    const n = toNumber(value);
    if (domain && !Number.isNaN(n)) checkDomain(value, n, domain, name);
    if (value instanceof Decimal128) throw noDecimals(name);
    return makeDouble(apply(n));
  });
}

function checkDomain(value: Numeric, n: number, { low, high, open }: Domain, name: string): void {
  if (open ? n > low && n < high : n >= low && n <= high) return;
  const text = !Number.isFinite(n) ? (n < 0 ? '-inf' : 'inf') : numberText(value);
  const bound = (limit: number) => (Number.isFinite(limit) ? String(limit) : limit < 0 ? '-inf' : 'inf');
  const range = open ? `(${bound(low)},${bound(high)})` : `[${bound(low)},${bound(high)}]`;
  throw location(50989, `cannot apply ${name} to ${text}, value must be in ${range}`);
}

function noDecimals(name: string): MongoError {
  return new MongoError(238, 'NotImplemented', `${name} of a Decimal128 is not supported here`);
}

export const trigonometryOperators: OperatorTable = {
  $sin: trigonometric(Math.sin, FINITE),
  $cos: trigonometric(Math.cos, FINITE),
  $tan: trigonometric(Math.tan, FINITE),
  $asin: trigonometric(Math.asin, { low: -1, high: 1, open: false }),
  $acos: trigonometric(Math.acos, { low: -1, high: 1, open: false }),
  $atan: trigonometric(Math.atan),
  $sinh: trigonometric(Math.sinh),
  $cosh: trigonometric(Math.cosh),
  $tanh: trigonometric(Math.tanh),
  $asinh: trigonometric(Math.asinh),
  $acosh: trigonometric(Math.acosh, { low: 1, high: Infinity, open: false }),
  $atanh: trigonometric(Math.atanh, { low: -1, high: 1, open: false }),
  $atan2: binary((y, x, name) => {
    if (isNullish(y) || isNullish(x)) return null;
    if (!isNumber(y) || !isNumber(x)) {
      throw location(51044, `${name} only supports numeric types, not ${kindOf(y)} and ${kindOf(x)}`);
    }
    if (y instanceof Decimal128 || x instanceof Decimal128) throw noDecimals(name);
    return makeDouble(Math.atan2(toNumber(y), toNumber(x)));
  }),
  $degreesToRadians: numeric((value) => {
    if (!(value instanceof Decimal128)) return makeDouble(toNumber(value) * (Math.PI / 180));
    return writeDecimal(multiplyDecimals(toDecimalParts(value), divideDecimals(PI, HALF_TURN)));
  }),
  $radiansToDegrees: numeric((value) => {
    if (!(value instanceof Decimal128)) return makeDouble(toNumber(value) * (180 / Math.PI));
    return writeDecimal(multiplyDecimals(toDecimalParts(value), divideDecimals(HALF_TURN, PI)));
  }),
};
