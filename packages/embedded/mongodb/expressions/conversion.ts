// $convert and its shorthands, $type and $isNumber.
import { Decimal128, Double, Long, ObjectId } from 'bson';
import { badValue, failedToParse, location, MongoError } from '../errors.ts';
import { conversionFailure, toDecimal, toDouble, toInt, toLong, truthOf } from '../values/conversions.ts';
import {
  isDate,
  isNullish,
  isNumber,
  isObjectId,
  type Kind,
  kindByAlias,
  kindByNumber,
  kindOf,
} from '../values/kind.ts';
import { longToBigInt } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import { dateFrom } from './arithmetic.ts';
import { dateOf } from './date-arguments.ts';
import { parseDate } from './date-parse.ts';
import type { Evaluate, OperatorCompiler, OperatorTable } from './expression.ts';
import { int32Of } from './integers.ts';
import { compileOperands, namedArguments, optionalOperand, unary } from './operands.ts';
import { coerceToText } from './text.ts';
import { UTC } from './time-zone.ts';

const CONVERSION_FAILURE = 241;

function unsupported(value: Value, target: Kind | 'missing') {
  return conversionFailure(
    `Unsupported conversion from ${kindOf(value)} to ${target} in $convert with no onError value`,
  );
}

/** `value` is neither null nor missing. */
function convert(value: Value, target: Kind): Value {
  switch (target) {
    case 'bool':
      return truthOf(value);
    case 'int':
      return toInt(value);
    case 'long':
      return toLong(value);
    case 'double':
      return toDouble(hexRefused(value));
    case 'decimal':
      return toDecimal(hexRefused(value));
    case 'string':
      return toText(value);
    case 'objectId':
      return toObjectId(value);
    case 'date':
      return toDate(value);
    default:
      throw unsupported(value, target);
  }
}

function hexRefused(value: Value): Value {
  if (typeof value === 'string' && value.startsWith('0x')) {
    throw conversionFailure(`Illegal hexadecimal input in $convert with no onError value: ${value}`);
  }
  return value;
}

function toText(value: Value): string {
  const convertible =
    typeof value === 'boolean' || typeof value === 'string' || isNumber(value) || isDate(value);
  if (convertible) return typeof value === 'boolean' ? String(value) : coerceToText(value);
  if (isObjectId(value)) return value.toHexString();
  throw unsupported(value, 'string');
}

function toObjectId(value: Value): ObjectId {
  if (isObjectId(value)) return value;
  if (typeof value !== 'string') throw unsupported(value, 'objectId');
  if (/^[0-9a-fA-F]{24}$/.test(value)) return ObjectId.createFromHexString(value);
  const reason =
    value.length === 24
      ? 'Invalid character found in hex string'
      : `Invalid string length for parsing to OID, expected 24 but found ${value.length}`;
  throw conversionFailure(
    `Failed to parse objectId '${value.slice(0, 200)}' in $convert with no onError value: ${reason}`,
  );
}

function toDate(value: Value): Date {
  const date = dateOf(value);
  if (date) return date;
  if (typeof value === 'string') return parseDate(value, UTC);
  // An int is too small for the milliseconds of a date: MongoDB takes it for a mistake.
  if (!(value instanceof Long || value instanceof Decimal128 || isDouble(value)))
    throw unsupported(value, 'date');
  return dateFrom(longToBigInt(toLong(value)), () =>
    conversionFailure(`date out of range: ${coerceToText(value)}`),
  );
}

function isDouble(value: Value): boolean {
  return value instanceof Double || kindOf(value) === 'double';
}

function targetOf(to: Value): Kind | 'missing' {
  if (typeof to === 'string') {
    if (to === 'missing') return to;
    const kind = kindByAlias(to);
    if (!kind) throw badValue(`Unknown type name: ${to}`);
    return kind;
  }
  if (!isNumber(to)) {
    throw failedToParse(`$convert's 'to' argument must be a string or number, but is ${kindOf(to)}`);
  }
  const number = int32Of(to);
  if (number === undefined) throw failedToParse("In $convert, numeric 'to' argument is not an integer");
  if (number === 0) return 'missing';
  const kind = kindByNumber(number);
  if (kind) return kind;
  throw failedToParse(`In $convert, numeric value for 'to' does not correspond to a BSON type: ${number}`);
}

const compileConvert: OperatorCompiler = (operand, compiler) => {
  const spec = namedArguments(operand, ['input', 'to'], ['onError', 'onNull'], {
    notAnObject: (given) =>
      failedToParse(`$convert expects an object of named arguments but found: ${kindOf(given)}`),
    unknown: (argument) => failedToParse(`$convert found an unknown argument: ${argument}`),
    missing: (argument) => failedToParse(`Missing '${argument}' parameter to $convert`),
  });
  const input = compiler.compile(spec.input);
  const to = compiler.compile(spec.to);
  const onError = optionalOperand(spec.onError, compiler);
  const onNull = optionalOperand(spec.onNull, compiler);
  return (scope) => {
    const wanted = to(scope);
    const value = input(scope);
    const target = isNullish(wanted) ? undefined : targetOf(wanted);
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    if (target === undefined) return null;
    try {
      if (target === 'missing') throw unsupported(value, target);
      return convert(value, target);
    } catch (failure) {
      // onError stands in for failed conversions, not for mistakes elsewhere in the expression.
      if (onError && failure instanceof MongoError && failure.code === CONVERSION_FAILURE)
        return onError(scope);
      throw failure;
    }
  };
};

function shorthand(target: Kind): OperatorCompiler {
  return (operand, compiler, name) => {
    const operands = compileOperands(operand, compiler);
    if (operands.length !== 1) {
      throw location(50723, `${name} requires a single argument, got ${operands.length}`);
    }
    const input = operands[0] as Evaluate;
    return (scope) => {
      const value = input(scope);
      return isNullish(value) ? null : convert(value, target);
    };
  };
}

export const conversionOperators: OperatorTable = {
  $convert: compileConvert,
  $toBool: shorthand('bool'),
  $toDate: shorthand('date'),
  $toDecimal: shorthand('decimal'),
  $toDouble: shorthand('double'),
  $toInt: shorthand('int'),
  $toLong: shorthand('long'),
  $toObjectId: shorthand('objectId'),
  $toString: shorthand('string'),
  $type: unary((value) => kindOf(value)),
  $isNumber: unary((value) => isNumber(value)),
};
