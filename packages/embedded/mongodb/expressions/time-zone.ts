// Olson time zones (through Intl) and fixed offsets; local times to instants and back.
import { location } from '../errors.ts';
import { civilOf, DAY, daysOf } from './calendar.ts';

export interface TimeZone {
  isUtc: boolean;
  /** Milliseconds that local time is ahead of UTC at an instant. */
  offsetAt(instant: number): number;
}

export interface LocalTime {
  /** Since 1970-01-01, local. */
  days: number;
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  offset: number;
}

export const UTC: TimeZone = { isUtc: true, offsetAt: () => 0 };

const OFFSET = /^([+-])(\d\d)(?::?(\d\d))?$/;
const OLSON = /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/;
/** Names that ICU knows from Java, but that the Olson database does not hold. */
const NOT_OLSON = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(
    ' ',
  ),
);
const MINUTE = 60_000;

const known = new Map<string, TimeZone>([['UTC', UTC]]);

/** Knows what MongoDB knows: `Europe/Berlin`, `+02`, `-0530`, `+05:30`. */
export function timeZoneOf(id: string): TimeZone {
  const zone = known.get(id) ?? fixedZone(id) ?? olsonZone(id);
  if (!zone) throw location(40485, `unrecognized time zone identifier: "${id}"`);
  return zone;
}

function fixedZone(id: string): TimeZone | undefined {
  const match = OFFSET.exec(id);
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  const offset = (match[1] === '-' ? -minutes : minutes) * MINUTE;
  return { isUtc: offset === 0, offsetAt: () => offset };
}

function olsonZone(id: string): TimeZone | undefined {
  if (!OLSON.test(id) || NOT_OLSON.has(id) || id.startsWith('SystemV/')) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: id,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // Intl throws a RangeError for names it does not know: the caller tells the client.
    return undefined;
  }
  const zone = { isUtc: false, offsetAt: remembering((instant) => offsetIn(format, instant)) };
  known.set(id, zone);
  return zone;
}

const QUARTER = 15 * MINUTE;
/** Offsets change on quarters of an hour since then; earlier they did at odd seconds. */
const REGULAR_SINCE = Date.UTC(1973, 0, 1);
const MOST_REMEMBERED = 20_000;

/** Asking Intl takes some 20 µs, so offsets are remembered by days, and by quarters on days of a change. */
function remembering(offsetAt: (instant: number) => number): (instant: number) => number {
  const onQuarter = remember((quarter) => offsetAt(quarter * QUARTER));
  const onDay = remember((day) => {
    const offset = offsetAt(day * DAY);
    return offset === offsetAt((day + 1) * DAY) ? offset : undefined;
  });
  return (instant) => {
    if (instant < REGULAR_SINCE) return offsetAt(instant);
    return onDay(Math.floor(instant / DAY)) ?? (onQuarter(Math.floor(instant / QUARTER)) as number);
  };
}

function remember(compute: (key: number) => number | undefined): (key: number) => number | undefined {
  const known = new Map<number, number | undefined>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const computed = compute(key);
    known.set(key, computed);
    return computed;
  };
}

function offsetIn(format: Intl.DateTimeFormat, instant: number): number {
  const seconds = Math.floor(instant / 1000);
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(seconds * 1000)) parts[type] = value;
  const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
  const days = daysOf(year, Number(parts.month), Number(parts.day));
  const time = Number(parts.hour) * 3600 + Number(parts.minute) * 60 + Number(parts.second);
  return (days * 86_400 + time - seconds) * 1000;
}

export function localTimeOf(instant: number, zone: TimeZone): LocalTime {
  const offset = zone.offsetAt(instant);
  const local = instant + offset;
  const days = Math.floor(local / DAY);
  const time = local - days * DAY;
  return {
    days,
    ...civilOf(days),
    hour: Math.floor(time / 3_600_000),
    minute: Math.floor(time / MINUTE) % 60,
    second: Math.floor(time / 1000) % 60,
    millisecond: time % 1000,
    offset,
  };
}

/** The instant of a local time given as if it were UTC; one that a clock change skips moves forward. */
export function instantOf(local: number, zone: TimeZone): number {
  const guess = zone.offsetAt(local);
  const offset = zone.offsetAt(local - guess);
  if (offset === guess || zone.offsetAt(local - offset) === offset) return local - offset;
  return local - Math.min(guess, offset);
}
