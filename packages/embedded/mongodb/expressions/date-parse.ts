// Dates out of texts: ISO 8601 and the other common ways to write one, or by an explicit format.
import { badDate, type DateFields, instantOfFields } from './date-fields.ts';
import { MONTHS } from './date-format.ts';
import type { TimeZone } from './time-zone.ts';

const MONTH =
  '(?<monthName>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const WEEKDAY = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?\\s+)?';
const YEAR = '(?<year>[+-]?\\d{4})';
const DAY = '(?<day>[0-3]?\\d)';

const DATES = [
  `${YEAR}-(?<month>[01]?\\d)-${DAY}`,
  `${YEAR}/(?<month>[01]?\\d)/${DAY}`,
  `(?<year>\\d{4})(?<month>\\d\\d)(?<day>\\d\\d)`,
  `(?<month>[01]?\\d)/${DAY}/(?<year>\\d{4})`,
  `${DAY}[-.](?<month>[01]?\\d)[-.](?<year>\\d{4})`,
  `(?<isoYear>\\d{4})-?W(?<isoWeek>\\d\\d)(?:-?(?<isoDay>[0-7]))?`,
  `(?<year>\\d{4})[-.]?(?<dayOfYear>\\d{3})`,
  `(?<year>\\d{4})-(?<month>\\d\\d)`,
  `${WEEKDAY}${DAY}(?:st|nd|rd|th)?[\\s.-]*${MONTH}[\\s.,-]*(?<year>\\d{4})`,
  `${WEEKDAY}${MONTH}[\\s.-]*${DAY}(?:st|nd|rd|th)?[\\s,.]+(?<year>\\d{4})`,
];
const TIME =
  '(?<hour>[0-2]?\\d):(?<minute>[0-5]\\d)(?::(?<second>[0-6]\\d)(?:[.,:](?<fraction>\\d{1,9}))?)?' +
  '(?:\\s*(?<half>[ap])\\.?m\\.?)?';
const SHORT_TIME = '(?<hour>[01]?\\d)\\s*(?<half>[ap])\\.?m\\.?';
const COMPACT_TIME = '(?<hour>[0-2]\\d)(?<minute>[0-5]\\d)(?<second>[0-6]\\d)?';
const ZONE = '(?:\\s*(?<zone>(?:GMT|UTC)?[+-]\\d\\d?:?(?:\\d\\d)?|[A-Za-z]{1,5}))?';

const PATTERNS = DATES.flatMap((date) =>
  [`(?:(?:\\s*T|\\s+at\\s+|,?\\s+)?${TIME})?`, `(?:\\s*T|\\s+)${COMPACT_TIME}`, `\\s+${SHORT_TIME}`].map(
    (time) => new RegExp(`^\\s*${date}${time}${ZONE}\\s*$`, 'i'),
  ),
);
const TIME_FIRST = DATES.map((date) => new RegExp(`^\\s*${TIME}[\\s,]+${date}${ZONE}\\s*$`, 'i'));
const TIME_ONLY = new RegExp(`^\\s*(?:${TIME}|${MONTH}[\\s.]*${DAY}(?:st|nd|rd|th)?)\\s*$`, 'i');
const UNIX_TIME = /^@(-?\d{1,13})$/;
/** Longer texts hold no date; the patterns need not look. */
const LONGEST = 100;

const ABBREVIATIONS = new Map([
  ['Z', 0],
  ['UTC', 0],
  ['GMT', 0],
  ['EST', -300],
  ['EDT', -240],
  ['CST', -360],
  ['CDT', -300],
  ['MST', -420],
  ['MDT', -360],
  ['PST', -480],
  ['PDT', -420],
  ['BST', 60],
  ['CET', 60],
  ['CEST', 120],
  ['EET', 120],
  ['EEST', 180],
]);

/** As $toDate and $dateFromString without a format read a text. */
export function parseDate(text: string, zone: TimeZone): Date {
  if (text.length > LONGEST) throw badDate(text, 'Unexpected character');
  const unixTime = UNIX_TIME.exec(text);
  if (unixTime) return new Date(Number(unixTime[1]) * 1000);
  for (const pattern of [...PATTERNS, ...TIME_FIRST, TIME_ONLY]) {
    const groups = pattern.exec(text)?.groups;
    if (groups) return instantOfFields(fieldsOf(groups, text), text, zone);
  }
  throw badDate(text, text === '' ? 'Empty string' : 'Unexpected character');
}

function fieldsOf(groups: Record<string, string | undefined>, text: string): DateFields {
  const fields: DateFields = {};
  const numbers = [
    'year',
    'month',
    'day',
    'dayOfYear',
    'isoYear',
    'isoWeek',
    'isoDay',
    'hour',
    'minute',
    'second',
  ];
  for (const name of numbers) {
    if (groups[name] !== undefined) fields[name as 'year'] = Number(groups[name]);
  }
  if (groups.monthName) fields.month = monthNumber(groups.monthName);
  // A year and a month alone stand for the first of that month.
  if (fields.year !== undefined && fields.month !== undefined) fields.day ??= 1;
  if (groups.fraction) fields.millisecond = Number(`0.${groups.fraction}`) * 1000;
  if (groups.half) fields.hour = halfDayHour(fields.hour ?? 0, groups.half, text);
  if (groups.zone) readZone(groups.zone, fields, text);
  return fields;
}

function monthNumber(name: string): number {
  const short = name.slice(0, 3).toLowerCase();
  return MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === short) + 1;
}

function halfDayHour(hour: number, half: string, text: string): number {
  if (hour < 1 || hour > 12) throw badDate(text, 'Unexpected character');
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function readZone(zone: string, fields: DateFields, text: string): void {
  const offset = /([+-])(\d\d?):?(\d\d)?$/.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    fields.offset = offset[1] === '-' ? -minutes : minutes;
    return;
  }
  const minutes = ABBREVIATIONS.get(zone.toUpperCase());
  if (minutes === undefined) {
    const refusal = 'passing a time zone identifier as part of the string is not allowed';
    throw badDate(text, refusal, text.lastIndexOf(zone));
  }
  fields.offset = minutes;
  fields.zoneName = zone;
}

/** What a specifier matches, and what of the fields it sets. */
const SPECIFIERS: Readonly<
  Record<string, { pattern: string; set(fields: DateFields, found: string): void }>
> = {
  Y: number4('year'),
  G: number4('isoYear'),
  m: upTo2('month'),
  d: upTo2('day'),
  H: upTo2('hour'),
  M: upTo2('minute'),
  S: upTo2('second'),
  V: upTo2('isoWeek'),
  j: { pattern: '\\d{1,3}', set: (fields, found) => setNumber(fields, 'dayOfYear', found) },
  u: { pattern: '[1-7]', set: (fields, found) => setNumber(fields, 'isoDay', found) },
  L: { pattern: '\\d{1,3}', set: (fields, found) => setNumber(fields, 'millisecond', found.padEnd(3, '0')) },
  b: monthName(MONTHS.map((month) => month.slice(0, 3))),
  B: monthName(MONTHS),
  z: {
    pattern: '(?:[+-]\\d\\d?:?(?:\\d\\d)?|[A-Za-z]{1,5})',
    set: (fields, found) => readZone(found, fields, found),
  },
  Z: {
    pattern: '[+-]\\d{1,4}',
    set: (fields, found) => {
      fields.offset = Number(found);
    },
  },
};

function setNumber(fields: DateFields, name: Exclude<keyof DateFields, 'zoneName'>, found: string): void {
  fields[name] = Number(found);
}

function number4(name: 'year' | 'isoYear') {
  return { pattern: '\\d{4}', set: (fields: DateFields, found: string) => setNumber(fields, name, found) };
}

function upTo2(name: 'month' | 'day' | 'hour' | 'minute' | 'second' | 'isoWeek') {
  return { pattern: '\\d{1,2}', set: (fields: DateFields, found: string) => setNumber(fields, name, found) };
}

function monthName(names: string[]) {
  return {
    pattern: `(?:${[...names].sort((a, b) => b.length - a.length).join('|')})`,
    set: (fields: DateFields, found: string) => {
      fields.month = monthNumber(found);
    },
  };
}

export function isParseSpecifier(specifier: string): boolean {
  return Object.hasOwn(SPECIFIERS, specifier);
}

/** The format has been checked. */
export function parseDateByFormat(text: string, format: string, zone: TimeZone): Date {
  const fields: DateFields = {};
  let at = 0;
  for (const [token] of format.matchAll(/%.|[^%]/gsu)) {
    const specifier = token.length === 2 && token[0] === '%' ? token[1] : undefined;
    if (specifier === undefined || specifier === '%') {
      const literal = specifier ?? token;
      if (!text.startsWith(literal, at)) {
        throw badDate(
          text,
          at >= text.length
            ? 'Not enough data available to satisfy format'
            : 'The format separator does not match',
          at,
        );
      }
      at += literal.length;
    } else at += readSpecifier(specifier, text, at, fields);
  }
  if (at < text.length) throw badDate(text, 'Trailing data', at);
  return instantOfFields(fields, text, zone);
}

function readSpecifier(specifier: string, text: string, at: number, fields: DateFields): number {
  const known = SPECIFIERS[specifier];
  const found = known && new RegExp(known.pattern, 'iy');
  if (found) found.lastIndex = at;
  const match = found?.exec(text)?.[0];
  if (!known || match === undefined) {
    throw badDate(
      text,
      at >= text.length ? 'Not enough data available to satisfy format' : `Unexpected data for %${specifier}`,
      at,
    );
  }
  known.set(fields, match);
  return match.length;
}
