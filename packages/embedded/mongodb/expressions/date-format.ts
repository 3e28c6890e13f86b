// Dates as text, by the format specifiers of $dateToString.
import { location } from '../errors.ts';
import { dayOfYear, isoDayOfWeek, isoWeek, weekOfYear } from './calendar.ts';
import { type LocalTime, localTimeOf, type TimeZone } from './time-zone.ts';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const ISO = '%Y-%m-%dT%H:%M:%S.%LZ';
const MINUTE = 60_000;

const specifiers: Readonly<Record<string, (time: LocalTime) => string>> = {
  '%': () => '%',
  b: (time) => (MONTHS[time.month - 1] as string).slice(0, 3),
  B: (time) => MONTHS[time.month - 1] as string,
  d: (time) => padded(time.day, 2),
  G: (time) => fourDigits(isoWeek(time.days).year),
  H: (time) => padded(time.hour, 2),
  j: (time) => padded(dayOfYear(time.days), 3),
  L: (time) => padded(time.millisecond, 3),
  m: (time) => padded(time.month, 2),
  M: (time) => padded(time.minute, 2),
  S: (time) => padded(time.second, 2),
  u: (time) => String(isoDayOfWeek(time.days)),
  U: (time) => padded(weekOfYear(time.days), 2),
  V: (time) => padded(isoWeek(time.days).week, 2),
  w: (time) => String((isoDayOfWeek(time.days) % 7) + 1),
  Y: (time) => fourDigits(time.year),
  z: (time) => offsetText(time.offset),
  Z: (time) => `${time.offset < 0 ? '-' : '+'}${Math.abs(Math.trunc(time.offset / MINUTE))}`,
};

export function checkDateFormat(format: string, allowed: (specifier: string) => boolean = isSpecifier): void {
  for (let i = format.indexOf('%'); i >= 0; i = format.indexOf('%', i + 2)) {
    const specifier = format[i + 1];
    if (specifier === undefined) throw location(18535, "Unmatched '%' at end of format string");
    if (specifier !== '%' && !allowed(specifier)) {
      throw location(18536, `Invalid format character '%${specifier}' in format string`);
    }
  }
}

function isSpecifier(specifier: string): boolean {
  return Object.hasOwn(specifiers, specifier);
}

/** The format has been checked. */
export function formatDate(date: Date, zone: TimeZone, format: string = ISO): string {
  const time = localTimeOf(date.getTime(), zone);
  return format.replace(/%(.)/gs, (_, specifier: string) => specifiers[specifier]?.(time) ?? '');
}

function offsetText(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / MINUTE));
  return `${offset < 0 ? '-' : '+'}${padded(Math.floor(minutes / 60), 2)}${padded(minutes % 60, 2)}`;
}

function fourDigits(year: number): string {
  if (year < 0 || year > 9999) {
    throw location(18537, `$dateToString is only defined on year 0-9999, tried to use year ${year}`);
  }
  return padded(year, 4);
}

function padded(n: number, digits: number): string {
  return String(n).padStart(digits, '0');
}
