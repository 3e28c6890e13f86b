// The fields a date text was found to hold, made into an instant.
import { conversionFailure } from '../values/conversions.ts';
import { DAY, daysInMonth, daysOf, daysOfIsoDate } from './calendar.ts';
import { instantOf, type TimeZone } from './time-zone.ts';

export interface DateFields {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  isoYear?: number;
  isoWeek?: number;
  isoDay?: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  /** What the text says of its zone: an offset in minutes, and the name it was given by. */
  offset?: number;
  zoneName?: string;
}

export function instantOfFields(fields: DateFields, text: string, zone: TimeZone): Date {
  const days = daysOfFields(fields, text);
  const { hour = 0, minute = 0, second = 0, millisecond = 0 } = fields;
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second + millisecond > 0)) {
    throw badDate(text, 'The parsed time was invalid');
  }
  const local = days * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + Math.trunc(millisecond);
  const date = new Date(
    fields.offset === undefined ? instantOf(local, zone) : local - fields.offset * 60_000,
  );
  if (fields.offset !== undefined && !zone.isUtc) throw twoZones(fields);
  if (Number.isNaN(date.getTime())) throw badDate(text, 'The parsed date is out of range');
  return date;
}

function daysOfFields(fields: DateFields, text: string): number {
  const { year, month, day, dayOfYear, isoYear, isoWeek } = fields;
  if (isoYear !== undefined || isoWeek !== undefined) {
    if (isoYear === undefined || isoWeek === undefined) throw incomplete(text);
    if (isoWeek < 1 || isoWeek > 53) throw badDate(text, 'The parsed date was invalid');
    return daysOfIsoDate(isoYear, isoWeek, fields.isoDay ?? 1);
  }
  if (year !== undefined && dayOfYear !== undefined) {
    if (dayOfYear < 1 || dayOfYear > 366) throw badDate(text, 'The parsed date was invalid');
    return daysOf(year, 1, dayOfYear);
  }
  if (year === undefined || month === undefined || day === undefined) throw incomplete(text);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    throw badDate(text, 'The parsed date was invalid');
  }
  return daysOf(year, month, day);
}

function incomplete(text: string) {
  return conversionFailure(
    `an incomplete date/time string has been found, with elements missing: "${text.slice(0, 200)}"`,
  );
}

export function badDate(text: string, reason: string, at = 0) {
  const shown = text.slice(0, 200);
  return conversionFailure(`Error parsing date string '${shown}'; ${at}: ${reason} '${text[at] ?? ''}'`);
}

function twoZones({ zoneName }: DateFields) {
  if (zoneName === undefined) {
    return conversionFailure(
      'you cannot pass in a date/time string with GMT offset together with a timezone argument',
    );
  }
  return conversionFailure(
    `you cannot pass in a date/time string with time zone information ('${zoneName}') together with a timezone argument`,
  );
}
