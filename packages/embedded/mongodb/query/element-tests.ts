/** $type, $mod, $size and the $bits family. */
import { Binary, Double } from 'bson';
import { badValue, failedToParse, type MongoError, typeMismatch } from '../errors.ts';
import { binaryBytes } from '../values/compare.ts';
import { formatNumber } from '../values/conversions.ts';
import { writeDecimal } from '../values/decimal.ts';
import { roundDecimal } from '../values/decimal-arithmetic.ts';
import { describeField } from '../values/describe.ts';
import { isNumber, type Kind, kindByAlias, kindByNumber, kindOf, type Numeric } from '../values/kind.ts';
import {
  integralValue,
  LONG_MAX,
  LONG_MIN,
  numberKind,
  toDecimalParts,
  toNumber,
} from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import { parseInt32, parseNonNegativeInt, parseNonNegativeLong } from './integers.ts';
import type { ElementTest } from './predicate.ts';

/** The types a $type names, by alias, number or list of both. */
export function parseTypes(path: string, operand: Value): Set<Kind> {
  const kinds = new Set<Kind>();
  for (const item of Array.isArray(operand) ? operand : [operand]) {
    for (const kind of parseType(item)) kinds.add(kind);
  }
  if (Array.isArray(operand) && operand.length === 0) {
    throw failedToParse(`${path} must match at least one type`);
  }
  return kinds;
}

function parseType(item: Value): Kind[] {
  if (typeof item === 'string') {
    if (item === 'number') return ['int', 'long', 'double', 'decimal'];
    // BSON's old undefined can not be stored here, but asking for it is no mistake.
    if (item === 'undefined') return [];
    if (item === 'missing') {
      throw badValue(
        `'missing' is not a legal type name. To query for non-existence of a field, use {$exists:false}.`,
      );
    }
    const kind = kindByAlias(item);
    if (!kind) throw badValue(`Unknown type name alias: ${item}`);
    return [kind];
  }
  if (!isNumber(item)) throw typeMismatch('type must be represented as a number or a string');
  const number = typeCode(item);
  if (number === 6) return [];
  const kind = number === undefined ? undefined : kindByNumber(number);
  if (!kind) {
    const hint = number === 0 ? '. Instead use {$exists:false}.' : '';
    throw badValue(`Invalid numerical type code: ${formatNumber(item)}${hint}`);
  }
  return [kind];
}

function typeCode(item: Numeric): number | undefined {
  const integer = integralValue(item);
  return integer === undefined ? undefined : Number(integer);
}

export function typeTest(kinds: ReadonlySet<Kind>): ElementTest {
  return (value) => kinds.has(kindOf(value));
}

export function parseSize(operand: Value): number {
  try {
    return parseNonNegativeInt('$size', operand);
  } catch (error) {
    // MongoDB wraps this one into a BadValue.
    throw badValue(`Failed to parse $size. ${(error as MongoError).message}`);
  }
}

export function sizeTest(size: number): ElementTest {
  return (value) => Array.isArray(value) && value.length === size;
}

export function modTest(operand: Value): ElementTest {
  if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array');
  if (operand.length < 2) {
    if (operand.length === 1 && !isNumber(operand[0])) throw badValue('malformed mod, divisor not a number');
    throw badValue('malformed mod, not enough elements');
  }
  const [divisorValue, remainderValue] = operand;
  if (!isNumber(divisorValue)) throw badValue('malformed mod, divisor not a number');
  if (!isNumber(remainderValue)) throw badValue('malformed mod, remainder not a number');
  if (operand.length > 2) throw badValue('malformed mod, too many elements');
  const divisor = coerceToLong(divisorValue, 'divisor');
  const remainder = coerceToLong(remainderValue, 'remainder');
  if (divisor === 0n) throw badValue('divisor cannot be 0');
  return (value) => {
    if (!isNumber(value)) return false;
    const dividend = truncateToLong(value);
    return dividend !== undefined && dividend % divisor === remainder;
  };
}

function coerceToLong(value: Numeric, role: string): bigint {
  const integer = truncateToLong(value);
  if (integer !== undefined) return integer;
  const finite = Number.isFinite(toNumber(value));
  const reason = finite
    ? 'Out of bounds coercing to integral value'
    : 'Unable to coerce NaN/Inf to integral type';
  throw badValue(`malformed mod, ${role} value is invalid :: caused by :: ${reason}`);
}

/** Rounded towards zero; undefined for NaN, infinities and what leaves 64 bits. */
export function truncateToLong(value: Numeric): bigint | undefined {
  let whole = value;
  if (numberKind(value) === 'double') {
    // A Double by class, so that the integer is read as one.
    whole = new Double(Math.trunc(toNumber(value)));
  } else if (numberKind(value) === 'decimal') {
    whole = writeDecimal(roundDecimal(toDecimalParts(value), 0, 'trunc'));
  }
  const integer = integralValue(whole);
  return integer !== undefined && integer >= LONG_MIN && integer <= LONG_MAX ? integer : undefined;
}

export type BitOperator = '$bitsAllSet' | '$bitsAllClear' | '$bitsAnySet' | '$bitsAnyClear';

export function bitTest(operator: BitOperator, path: string, operand: Value): ElementTest {
  const positions = bitPositions(operator, path, operand);
  const wanted = operator === '$bitsAllSet' || operator === '$bitsAnySet';
  const all = operator === '$bitsAllSet' || operator === '$bitsAllClear';
  return (value) => {
    const isSet = bitReader(value);
    if (!isSet) return false;
    for (const position of positions()) {
      if ((isSet(position) === wanted) !== all) return !all;
    }
    return all;
  };
}

/** One by one: as a list the bits of a large BinData would fill the memory. */
type BitPositions = () => Iterable<number>;

function bitPositions(operator: BitOperator, path: string, operand: Value): BitPositions {
  if (Array.isArray(operand)) {
    const positions = operand.map((item, i) => bitPosition(String(i), item));
    return () => positions;
  }
  if (operand instanceof Binary) return () => bitsOf(binaryBytes(operand));
  if (isNumber(operand)) {
    const mask = parseNonNegativeLong(operator, operand);
    const positions = Array.from({ length: 64 }, (_, i) => i).filter((i) => (mask >> BigInt(i)) & 1n);
    return () => positions;
  }
  const shown = describeField(operator, operand);
  throw badValue(`${path} takes an Array, a number, or a BinData but received: ${shown}`);
}

function* bitsOf(bytes: Uint8Array): Iterable<number> {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) yield i * 8 + bit;
  }
}

function bitPosition(index: string, item: Value): number {
  try {
    const position = parseInt32(index, item);
    if (position >= 0) return position;
  } catch (error) {
    // MongoDB wraps this one too.
    throw badValue(`Failed to parse bit position. ${(error as MongoError).message}`);
  }
  throw badValue(
    `Failed to parse bit position. Expected a non-negative number in: ${describeField(index, item)}`,
  );
}

/** Reads single bits of an integer (its sign goes on for ever) or of bytes (zeros go on for ever). */
function bitReader(value: Value | undefined): ((position: number) => boolean) | undefined {
  if (value instanceof Binary) {
    const bytes = binaryBytes(value);
    return (position) => (((bytes[position >> 3] ?? 0) >> (position & 7)) & 1) === 1;
  }
  if (!isNumber(value)) return undefined;
  const integer = integralValue(value);
  if (integer === undefined || integer < LONG_MIN || integer > LONG_MAX) return undefined;
  return (position) => ((integer >> BigInt(Math.min(position, 63))) & 1n) === 1n;
}
