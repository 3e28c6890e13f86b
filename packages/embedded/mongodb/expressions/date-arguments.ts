// What the date operators take: dates, time zones, units and days of the week.
import { type ObjectId, Timestamp } from 'bson';
import { location, MongoError } from '../errors.ts';
import { isDate, isNullish, isObjectId, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import type { Compiler, Evaluate, Scope } from './expression.ts';
import { type TimeZone, timeZoneOf, UTC } from './time-zone.ts';

/** Dates themselves, and the times that timestamps and ObjectIds carry; undefined for all else. */
export function dateOf(value: Value | undefined): Date | undefined {
  if (isDate(value)) return value;
  if (value instanceof Timestamp) return new Date(value.t * 1000);
  return isObjectId(value) ? (value as ObjectId).getTimestamp() : undefined;
}

export function coerceToDate(value: Value | undefined): Date {
  const date = dateOf(value);
  if (date) return date;
  throw location(16006, `can't convert from BSON type ${kindOf(value)} to Date`);
}

/** Gives undefined for a time zone that is null or missing: the operator's result is then null. */
export type ReadZone = (scope: Scope) => TimeZone | undefined;

/** `context` is put before the message of a zone that is not known. */
export function compileTimeZone(spec: Value | undefined, compiler: Compiler, context?: string): ReadZone {
  if (spec === undefined) return () => UTC;
  const evaluate: Evaluate = compiler.compile(spec);
  return (scope) => {
    const value = evaluate(scope);
    if (isNullish(value)) return undefined;
    try {
      if (typeof value === 'string') return timeZoneOf(value);
      throw location(40517, `timezone must evaluate to a string, found ${kindOf(value)}`);
    } catch (failure) {
      // Only to tell which argument was wrong; the code stays.
      if (!context || !(failure instanceof MongoError)) throw failure;
      throw location(failure.code, `${context} :: caused by :: ${failure.message}`);
    }
  };
}

export type TimeUnit = (typeof UNITS)[number];

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;

/** As $dateAdd reads its unit; undefined for a name that is no unit. */
export function timeUnitOf(name: string): TimeUnit | undefined {
  return UNITS.find((known) => known === name);
}

/** As $dateDiff and $dateTrunc read theirs. */
export function timeUnitArgument(value: Value, name: string): TimeUnit {
  if (typeof value !== 'string') {
    throw location(5439013, `${name} requires 'unit' to be a string, but got ${kindOf(value)}`);
  }
  const unit = timeUnitOf(value);
  if (unit) return unit;
  throw location(5439014, `${name} parameter 'unit' value cannot be recognized as a time unit: ${value}`);
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** 1 for Monday to 7 for Sunday. */
export function dayOfWeekArgument(value: Value, name: string): number {
  if (typeof value !== 'string') {
    throw location(5439015, `${name} requires 'startOfWeek' to be a string, but got ${kindOf(value)}`);
  }
  const lower = value.toLowerCase();
  const day = DAYS.findIndex((known) => known === lower || known.slice(0, 3) === lower);
  if (day >= 0) return day + 1;
  throw location(
    5439016,
    `${name} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`,
  );
}
