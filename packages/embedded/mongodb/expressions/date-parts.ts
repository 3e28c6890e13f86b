// $year to $isoWeekYear, $dateToParts and $dateFromParts.
import { location, MongoError } from '../errors.ts';
import { describeValue } from '../values/describe.ts';
import { docFrom } from '../values/fields.ts';
import { isDoc, isNullish, kindOf } from '../values/kind.ts';
import { makeLong } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';
import { dateFrom } from './arithmetic.ts';
import { DAY, dayOfYear, daysOf, daysOfIsoDate, isoDayOfWeek, isoWeek, weekOfYear } from './calendar.ts';
import { coerceToDate, compileTimeZone } from './date-arguments.ts';
import type { Compiler, Evaluate, OperatorCompiler, OperatorTable, Scope } from './expression.ts';
import { int64Of } from './integers.ts';
import { namedArguments, namedCodes, optionalOperand } from './operands.ts';
import { instantOf, type LocalTime, localTimeOf } from './time-zone.ts';

/** An operator that takes a date, alone or as `{ date, timezone }`. */
function part(read: (time: LocalTime) => Value): OperatorCompiler {
  return (operand, compiler, name) => {
    const spec = dateAndZone(operand, name);
    const date = compiler.compile(spec.date);
    const zone = compileTimeZone(spec.timezone, compiler);
    return (scope) => {
      const value = date(scope);
      if (isNullish(value)) return null;
      const inZone = zone(scope);
      return inZone ? read(localTimeOf(coerceToDate(value).getTime(), inZone)) : null;
    };
  };
}

function dateAndZone(operand: Value, name: string): { date: Value; timezone?: Value } {
  if (Array.isArray(operand)) {
    if (operand.length === 1) return { date: operand[0] as Value };
    throw location(
      40536,
      `${name} accepts exactly one argument if given an array, but was given ${operand.length}`,
    );
  }
  if (!isDoc(operand) || Object.keys(operand)[0]?.startsWith('$')) return { date: operand };
  return namedArguments(operand, ['date'], ['timezone'], {
    ...namedCodes(name, { notAnObject: 40535, unknown: 40535, missing: 40539 }),
    unknown: (argument) => location(40535, `unrecognized option to ${name}: "${argument}"`),
    missing: () =>
      location(40539, `missing 'date' argument to ${name}, provided: ${name}: ${describeValue(operand)}`),
  });
}

const compileDateToParts: OperatorCompiler = (operand, compiler, name) => {
  const codes = namedCodes(name, { notAnObject: 40524, unknown: 40520, missing: 40522 });
  const spec = namedArguments(operand, ['date'], ['timezone', 'iso8601'], codes);
  const date = compiler.compile(spec.date);
  const zone = compileTimeZone(spec.timezone, compiler);
  const iso = optionalOperand(spec.iso8601, compiler);
  return (scope) => {
    const value = date(scope);
    const inZone = zone(scope);
    if (!inZone) return null;
    const wantsIso = iso ? iso(scope) : false;
    if (isNullish(wantsIso)) return null;
    if (typeof wantsIso !== 'boolean') {
      throw location(40521, `iso8601 must evaluate to a bool, found ${kindOf(wantsIso)}`);
    }
    if (isNullish(value)) return null;
    const time = localTimeOf(coerceToDate(value).getTime(), inZone);
    return wantsIso ? isoParts(time) : naturalParts(time);
  };
};

function naturalParts(time: LocalTime): Doc {
  const { year, month, day } = time;
  return docFrom([['year', year], ['month', month], ['day', day], ...clockParts(time)]);
}

function isoParts(time: LocalTime): Doc {
  const { year, week } = isoWeek(time.days);
  return docFrom([
    ['isoWeekYear', year],
    ['isoWeek', week],
    ['isoDayOfWeek', isoDayOfWeek(time.days)],
    ...clockParts(time),
  ]);
}

function clockParts({ hour, minute, second, millisecond }: LocalTime): [string, Value][] {
  return [
    ['hour', hour],
    ['minute', minute],
    ['second', second],
    ['millisecond', millisecond],
  ];
}

const NATURAL = ['year', 'month', 'day'] as const;
const ISO = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek'] as const;
const CLOCK = ['hour', 'minute', 'second', 'millisecond'] as const;
/** Parts outside these bounds are refused; year, second and millisecond may be any integer at first. */
const PART_LIMIT = 32_767n;
const UNBOUNDED = new Set<string>(['year', 'isoWeekYear', 'second', 'millisecond']);

const compileDateFromParts: OperatorCompiler = (operand, compiler, name) => {
  const codes = namedCodes(name, { notAnObject: 40519, unknown: 40518, missing: 40516 });
  const spec = namedArguments(operand, [], [...NATURAL, ...ISO, ...CLOCK, 'timezone'], codes);
  const given = (names: readonly string[]) => names.some((part) => Object.hasOwn(spec, part));
  if (!given(['year', 'isoWeekYear'])) {
    throw location(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  }
  if (given(['year']) && given(ISO)) {
    throw location(40489, '$dateFromParts does not allow mixing natural dates with ISO dates');
  }
  if (given(['isoWeekYear']) && given(NATURAL)) {
    throw location(40525, '$dateFromParts does not allow mixing ISO dates with natural dates');
  }
  const dateParts = given(['year']) ? NATURAL : ISO;
  const clock = readParts(CLOCK, 0, spec, compiler);
  const dates = readParts(dateParts, 1, spec, compiler);
  const zone = compileTimeZone(spec.timezone, compiler);
  return (scope) => {
    const times = clock(scope);
    const inZone = times && zone(scope);
    const days = inZone && dates(scope);
    if (!times || !inZone || !days) return null;
    const [year, month, day] = days as [number, number, number];
    checkYear(dateParts[0], year);
    const date = dateParts === NATURAL ? daysOf(year, month, day) : daysOfIsoDate(year, month, day);
    const [hour, minute, second, millisecond] = times as [number, number, number, number];
    const local = date * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
    const overflow = () => new MongoError(15, 'Overflow', 'date overflow in $dateFromParts');
    return dateFrom(instantOf(dateFrom(local, overflow).getTime(), inZone), overflow);
  };
};

/** All the parts as numbers; undefined when one of them is null or missing. */
function readParts(
  names: readonly string[],
  byDefault: number,
  spec: Partial<Record<string, Value>>,
  compiler: Compiler,
): (scope: Scope) => number[] | undefined {
  const parts = names.map((name) => ({ name, evaluate: optionalOperand(spec[name], compiler) }));
  return (scope) => {
    const numbers: number[] = [];
    for (const { name, evaluate } of parts) {
      const number = evaluate ? readPart(name, evaluate, scope) : byDefault;
      if (number === undefined) return undefined;
      numbers.push(number);
    }
    return numbers;
  };
}

function readPart(name: string, evaluate: Evaluate, scope: Scope): number | undefined {
  const value = evaluate(scope);
  if (isNullish(value)) return undefined;
  const integer = int64Of(value);
  if (integer === undefined) {
    throw location(
      40515,
      `'${name}' must evaluate to an integer, found ${kindOf(value)} with value ${describeValue(value)}`,
    );
  }
  if (!UNBOUNDED.has(name) && (integer > PART_LIMIT || integer < -PART_LIMIT - 1n)) {
    throw location(
      31034,
      `'${name}' must evaluate to a value in the range [${-PART_LIMIT - 1n}, ${PART_LIMIT}]; value ${integer} is not in range`,
    );
  }
  return Number(integer);
}

function checkYear(name: string, year: number): void {
  if (year >= 1 && year <= 9999) return;
  throw location(
    name === 'year' ? 40523 : 31095,
    `'${name}' must evaluate to an integer in the range 1 to 9999, found ${year}`,
  );
}

export const datePartOperators: OperatorTable = {
  $year: part((time) => time.year),
  $month: part((time) => time.month),
  $dayOfMonth: part((time) => time.day),
  $dayOfWeek: part((time) => (isoDayOfWeek(time.days) % 7) + 1),
  $dayOfYear: part((time) => dayOfYear(time.days)),
  $hour: part((time) => time.hour),
  $minute: part((time) => time.minute),
  $second: part((time) => time.second),
  $millisecond: part((time) => time.millisecond),
  $week: part((time) => weekOfYear(time.days)),
  $isoDayOfWeek: part((time) => isoDayOfWeek(time.days)),
  $isoWeek: part((time) => isoWeek(time.days).week),
  $isoWeekYear: part((time) => makeLong(isoWeek(time.days).year)),
  $dateToParts: compileDateToParts,
  $dateFromParts: compileDateFromParts,
};
