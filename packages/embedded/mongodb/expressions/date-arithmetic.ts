// $dateAdd, $dateSubtract, $dateDiff and $dateTrunc: calendar units keep the local time across clock changes.
import { failedToParse, location } from '../errors.ts';
import { describeValue } from '../values/describe.ts';
import { isNullish, kindOf } from '../values/kind.ts';
import { LONG_MIN, makeLong } from '../values/numbers.ts';
import type { Value } from '../values/types.ts';
import { dateFrom } from './arithmetic.ts';
import { DAY, daysInMonth, daysOf, isoDayOfWeek } from './calendar.ts';
import {
  compileTimeZone,
  dateOf,
  dayOfWeekArgument,
  type TimeUnit,
  timeUnitArgument,
  timeUnitOf,
} from './date-arguments.ts';
import type { OperatorCompiler, OperatorTable } from './expression.ts';
import { int64Of } from './integers.ts';
import { namedArguments, namedCodes, optionalOperand } from './operands.ts';
import { instantOf, type LocalTime, localTimeOf, type TimeZone, UTC } from './time-zone.ts';

const MILLISECONDS = { hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 } as const;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;
const DAYS = { day: 1, week: 7 } as const;

const SUNDAY = 7;
/** More than this of any unit but milliseconds leaves the range of dates, whatever it is added to. */
const MOST_MILLISECONDS = 2n ** 64n;

export function addToDate(date: Date, unit: TimeUnit, amount: bigint, zone: TimeZone): Date {
  const overflow = () => location(5166406, 'dateAdd overflowed');
  if (unit in MILLISECONDS) {
    const milliseconds = amount * BigInt(MILLISECONDS[unit as keyof typeof MILLISECONDS]);
    if (unit !== 'millisecond') refuseAmount(milliseconds, amount, unit);
    return dateFrom(Number(BigInt(date.getTime()) + milliseconds), overflow);
  }
  refuseAmount(amount * BigInt(shortestDays(unit)) * BigInt(DAY), amount, unit);
  const time = localTimeOf(date.getTime(), zone);
  const days = addDays(time, unit, Number(amount));
  const clock = date.getTime() + time.offset - time.days * DAY;
  return dateFrom(instantOf(dateFrom(days * DAY + clock, overflow).getTime(), zone), overflow);
}

function refuseAmount(milliseconds: bigint, amount: bigint, unit: TimeUnit): void {
  if (milliseconds < MOST_MILLISECONDS && milliseconds > -MOST_MILLISECONDS) return;
  throw location(5976500, `invalid dateAdd 'amount' parameter value: ${amount} ${unit}`);
}

function shortestDays(unit: TimeUnit): number {
  return unit in DAYS ? DAYS[unit as keyof typeof DAYS] : 28 * MONTHS[unit as keyof typeof MONTHS];
}

function addDays(time: LocalTime, unit: TimeUnit, amount: number): number {
  if (unit in DAYS) return time.days + amount * DAYS[unit as keyof typeof DAYS];
  const month = time.month + amount * MONTHS[unit as keyof typeof MONTHS];
  // The 31st of a shorter month is its last day.
  const last = daysInMonth(time.year, month);
  return daysOf(time.year, month, Math.min(time.day, last));
}

function adding(sign: 1n | -1n): OperatorCompiler {
  return (operand, compiler, name) => {
    const all = `${name} requires startDate, unit, and amount to be present`;
    const spec = namedArguments(operand, ['startDate', 'unit', 'amount'], ['timezone'], {
      notAnObject: () => location(5166400, `${name} expects an object as its argument`),
      unknown: (argument) =>
        location(
          5166401,
          `Unrecognized argument to ${name}: ${argument}. Expected arguments are startDate, unit, amount, and optionally timezone.`,
        ),
      missing: () => location(5166402, all),
    });
    const operands = [spec.startDate, spec.unit, spec.amount].map((argument) => compiler.compile(argument));
    const zone = compileTimeZone(spec.timezone, compiler);
    return (scope) => {
      const values: Value[] = [];
      for (const evaluate of operands) {
        const value = evaluate(scope);
        if (isNullish(value)) return null;
        values.push(value);
      }
      const inZone = zone(scope);
      if (!inZone) return null;
      const { date, unit, amount } = readAddition(values, name);
      if (sign < 0n && amount === LONG_MIN) {
        throw location(6045000, `invalid $dateSubtract 'amount' parameter value: ${amount}`);
      }
      return addToDate(date, unit, sign * amount, inZone);
    };
  };
}

function readAddition([start, unitName, amountValue]: Value[], name: string) {
  const date = dateOf(start);
  if (!date) throw location(5166403, `${name} requires startDate to be convertible to a date`);
  if (typeof unitName !== 'string') throw location(5166404, `${name} expects string defining the time unit`);
  const unit = timeUnitOf(unitName);
  if (!unit) throw failedToParse(`unknown time unit value: ${unitName}`);
  const amount = int64Of(amountValue);
  if (amount === undefined) throw location(5166405, `${name} expects integer amount of time units`);
  return { date, unit, amount };
}

/** How many boundaries of the unit lie between two dates. */
function difference(start: Date, end: Date, unit: TimeUnit, zone: TimeZone, startOfWeek: number): number {
  if (unit === 'millisecond') return end.getTime() - start.getTime();
  const from = localTimeOf(start.getTime(), zone);
  const to = localTimeOf(end.getTime(), zone);
  if (unit in MILLISECONDS) return clockDifference(from, to, unit as keyof typeof MILLISECONDS);
  return calendarDifference(from, to, unit, startOfWeek);
}

function calendarDifference(from: LocalTime, to: LocalTime, unit: TimeUnit, startOfWeek: number): number {
  const years = to.year - from.year;
  switch (unit) {
    case 'year':
      return years;
    case 'quarter':
      return Math.floor((to.month - 1) / 3) - Math.floor((from.month - 1) / 3) + years * 4;
    case 'month':
      return to.month - from.month + years * 12;
    case 'week':
      return (to.days - dayOfWeek(to.days, startOfWeek) - from.days + dayOfWeek(from.days, startOfWeek)) / 7;
    default:
      return to.days - from.days;
  }
}

/** 0 for the day the week starts on. */
function dayOfWeek(days: number, startOfWeek: number): number {
  return (isoDayOfWeek(days) - startOfWeek + 7) % 7;
}

/** Boundaries of local time, corrected by what the clock was changed in between. */
function clockDifference(from: LocalTime, to: LocalTime, unit: 'hour' | 'minute' | 'second' | 'millisecond') {
  const changed = (from.offset - to.offset) / 1000;
  const hours = to.hour - from.hour + (to.days - from.days) * 24;
  if (unit === 'hour') return hours + Math.trunc(changed / 3600);
  const minutes = to.minute - from.minute + hours * 60;
  if (unit === 'minute') return minutes + Math.trunc(changed / 60);
  return to.second - from.second + minutes * 60 + changed;
}

const compileDateDiff: OperatorCompiler = (operand, compiler, name) => {
  const codes = namedCodes(name, {
    notAnObject: 5166301,
    unknown: 5166302,
    missing: { startDate: 5166303, endDate: 5166304, unit: 5166305 },
  });
  const spec = namedArguments(operand, ['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek'], codes);
  const operands = [spec.startDate, spec.endDate, spec.unit].map((argument) => compiler.compile(argument));
  const zone = compileTimeZone(
    spec.timezone,
    compiler,
    "$dateDiff parameter 'timezone' value parsing failed",
  );
  const startOfWeek = optionalOperand(spec.startOfWeek, compiler);
  return (scope) => {
    const values: Value[] = [];
    for (const evaluate of operands) {
      const value = evaluate(scope);
      if (isNullish(value)) return null;
      values.push(value);
    }
    const [start, end, unitName] = values as [Value, Value, Value];
    const weekStart = unitName === 'week' && startOfWeek ? startOfWeek(scope) : 'sunday';
    if (isNullish(weekStart)) return null;
    const inZone = zone(scope);
    if (!inZone) return null;
    const from = requireDate(start, 5166307, name, 'startDate');
    const to = requireDate(end, 5166307, name, 'endDate');
    const unit = timeUnitArgument(unitName, name);
    return makeLong(difference(from, to, unit, inZone, dayOfWeekArgument(weekStart, name)));
  };
};

function requireDate(value: Value, code: number, name: string, argument: string): Date {
  const date = dateOf(value);
  if (date) return date;
  throw location(code, `${name} requires '${argument}' to be a date, but got ${kindOf(value)}`);
}

/** Bins are counted from here, local time; weeks from the first start of a week after it. */
const REFERENCE = daysOf(2000, 1, 1);
const LARGEST_CALENDAR_BIN = 100_000_000_000n;

export function truncateDate(
  date: Date,
  unit: TimeUnit,
  bin: bigint,
  zone: TimeZone,
  startOfWeek = SUNDAY,
): Date {
  const overflow = () => location(5439001, 'dateTrunc overflowed');
  const referenceDay = unit === 'week' ? firstWeekStart(startOfWeek) : REFERENCE;
  if (unit in MILLISECONDS) {
    const size = bin * BigInt(MILLISECONDS[unit as keyof typeof MILLISECONDS]);
    if (size >= 2n ** 63n) throw location(5439002, 'dateTrunc overflowed');
    const reference = BigInt(instantOf(referenceDay * DAY, zone));
    const distance = BigInt(date.getTime()) - reference;
    return dateFrom(Number(reference + distance - remainder(distance, size)), overflow);
  }
  if (bin > LARGEST_CALENDAR_BIN) throw location(5439006, 'dateTrunc unsupported binSize value');
  const from = localTimeOf(referenceDay * DAY, UTC);
  const distance = calendarDifference(from, localTimeOf(date.getTime(), zone), unit, startOfWeek);
  const binStart = BigInt(distance) - remainder(BigInt(distance), bin);
  return addToDate(new Date(instantOf(referenceDay * DAY, zone)), unit, binStart, zone);
}

function firstWeekStart(startOfWeek: number): number {
  return REFERENCE + ((7 - dayOfWeek(REFERENCE, startOfWeek)) % 7);
}

function remainder(value: bigint, size: bigint): bigint {
  return ((value % size) + size) % size;
}

const compileDateTrunc: OperatorCompiler = (operand, compiler, name) => {
  const codes = {
    ...namedCodes(name, {
      notAnObject: 5439007,
      unknown: 5439008,
      missing: { date: 5439009, unit: 5439010 },
    }),
    unknown: (argument: string) =>
      location(
        5439008,
        `Unrecognized argument to $dateTrunc: ${argument}. Expected arguments are date, unit, and optionally, binSize, timezone, startOfWeek`,
      ),
  };
  const spec = namedArguments(operand, ['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], codes);
  const date = compiler.compile(spec.date);
  const unit = compiler.compile(spec.unit);
  const binSize = optionalOperand(spec.binSize, compiler);
  const zone = compileTimeZone(
    spec.timezone,
    compiler,
    "$dateTrunc parameter 'timezone' value parsing failed",
  );
  const startOfWeek = optionalOperand(spec.startOfWeek, compiler);
  return (scope) => {
    const value = date(scope);
    const unitName = isNullish(value) ? null : unit(scope);
    const size = isNullish(unitName) ? null : binSize ? binSize(scope) : 1;
    if (isNullish(value) || isNullish(unitName) || isNullish(size)) return null;
    const weekStart = unitName === 'week' && startOfWeek ? startOfWeek(scope) : 'sunday';
    if (isNullish(weekStart)) return null;
    const inZone = zone(scope);
    if (!inZone) return null;
    const truncated = requireDate(value, 5439012, name, 'date');
    const by = timeUnitArgument(unitName, name);
    return truncateDate(truncated, by, readBinSize(size), inZone, dayOfWeekArgument(weekStart, name));
  };
};

function readBinSize(value: Value): bigint {
  const size = int64Of(value);
  if (size === undefined) {
    throw location(
      5439017,
      `$dateTrunc requires 'binSize' to be a 64-bit integer, but got value '${describeValue(value)}' of type ${kindOf(value)}`,
    );
  }
  if (size > 0n) return size;
  throw location(5439018, `$dateTrunc requires 'binSize' to be greater than 0, but got value ${size}`);
}

export const dateArithmeticOperators: OperatorTable = {
  $dateAdd: adding(1n),
  $dateSubtract: adding(-1n),
  $dateDiff: compileDateDiff,
  $dateTrunc: compileDateTrunc,
};
