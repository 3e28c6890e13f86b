// $dateToString and $dateFromString.
import { location, MongoError } from '../errors.ts';
import { conversionFailure } from '../values/conversions.ts';
import { describeValue } from '../values/describe.ts';
import { isNullish, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import { coerceToDate, compileTimeZone } from './date-arguments.ts';
import { checkDateFormat, formatDate } from './date-format.ts';
import { isParseSpecifier, parseDate, parseDateByFormat } from './date-parse.ts';
import type { OperatorCompiler, OperatorTable } from './expression.ts';
import { chargeString } from './meter.ts';
import { namedArguments, namedCodes, optionalOperand } from './operands.ts';
import type { TimeZone } from './time-zone.ts';

const CONVERSION_FAILURE = 241;

const compileDateToString: OperatorCompiler = (operand, compiler, name) => {
  const codes = namedCodes(name, { notAnObject: 18629, unknown: 18534, missing: 18628 });
  const spec = namedArguments(operand, ['date'], ['format', 'timezone', 'onNull'], codes);
  const date = compiler.compile(spec.date);
  const format = optionalOperand(spec.format, compiler);
  const zone = compileTimeZone(spec.timezone, compiler);
  const onNull = optionalOperand(spec.onNull, compiler);
  return (scope) => {
    const value = date(scope);
    // A wrong format or zone is told even where there is no date.
    const pattern = format ? readFormat(format(scope), name, 18533) : undefined;
    const inZone = zone(scope);
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    if (!inZone || pattern === null) return null;
    const text = formatDate(coerceToDate(value), inZone, pattern);
    chargeString(text.length);
    return text;
  };
};

/** undefined stands for the default format, null for a format that evaluated to null. */
function readFormat(
  value: Value | undefined,
  name: string,
  code: number,
  allowed?: (specifier: string) => boolean,
): string | null {
  if (isNullish(value)) return null;
  if (typeof value !== 'string') {
    throw location(
      code,
      `${name} requires that 'format' be a string, found: ${kindOf(value)} with value ${describeValue(value)}`,
    );
  }
  checkDateFormat(value, allowed);
  return value;
}

const compileDateFromString: OperatorCompiler = (operand, compiler, name) => {
  const codes = {
    ...namedCodes(name, { notAnObject: 40540, unknown: 40541, missing: 40542 }),
    notAnObject: (given: Value) =>
      location(40540, `$dateFromString only supports an object as an argument, found: ${kindOf(given)}`),
  };
  const optional = ['format', 'timezone', 'onNull', 'onError'] as const;
  const spec = namedArguments(operand, ['dateString'], optional, codes);
  const dateString = compiler.compile(spec.dateString);
  const format = optionalOperand(spec.format, compiler);
  const zone = compileTimeZone(spec.timezone, compiler);
  const onNull = optionalOperand(spec.onNull, compiler);
  const onError = optionalOperand(spec.onError, compiler);
  return (scope) => {
    const text = dateString(scope);
    const pattern = format ? readFormat(format(scope), name, 40684, isParseSpecifier) : undefined;
    const inZone = zone(scope);
    if (isNullish(text)) return onNull ? onNull(scope) : null;
    try {
      return readDate(text, pattern, inZone);
    } catch (failure) {
      // onError stands in for texts that are no dates, for nothing else.
      if (onError && failure instanceof MongoError && failure.code === CONVERSION_FAILURE)
        return onError(scope);
      throw failure;
    }
  };
};

function readDate(text: Value, pattern: string | null | undefined, zone: TimeZone | undefined): Date | null {
  if (typeof text !== 'string') {
    throw conversionFailure(
      `$dateFromString requires that 'dateString' be a string, found: ${kindOf(text)} with value ${describeValue(text)}`,
    );
  }
  if (!zone || pattern === null) return null;
  return pattern === undefined ? parseDate(text, zone) : parseDateByFormat(text, pattern, zone);
}

export const dateStringOperators: OperatorTable = {
  $dateToString: compileDateToString,
  $dateFromString: compileDateFromString,
};
