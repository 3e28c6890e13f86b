// The proleptic Gregorian calendar: days as numbers since 1970-01-01, ISO weeks, lengths of months.

export const DAY = 86_400_000;

export interface Civil {
  year: number;
  /** 1 to 12 */
  month: number;
  day: number;
}

/** Days since 1970-01-01; month and day may lie outside their usual range and carry over. */
export function daysOf(year: number, month: number, day: number): number {
  const carried = year + Math.floor((month - 1) / 12);
  // Years count from March, so that the leap day comes last.
  const m = (((month - 1) % 12) + 12) % 12;
  const y = m < 2 ? carried - 1 : carried;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((m + 10) % 12) + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468 + day - 1;
}

export function civilOf(days: number): Civil {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

export function daysInMonth(year: number, month: number): number {
  return daysOf(year, month + 1, 1) - daysOf(year, month, 1);
}

/** 1 is Monday, 7 is Sunday. */
export function isoDayOfWeek(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

export function dayOfYear(days: number): number {
  return days - daysOf(civilOf(days).year, 1, 1) + 1;
}

/** The week that holds the year's first Thursday is week 1. */
export function isoWeek(days: number): { year: number; week: number } {
  const thursday = days - isoDayOfWeek(days) + 4;
  const { year } = civilOf(thursday);
  return { year, week: Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1 };
}

/** Weeks of a year that begin on Sunday; the days before the first Sunday are week 0. */
export function weekOfYear(days: number): number {
  const sundayBased = (isoDayOfWeek(days) % 7) + 1;
  return Math.floor((dayOfYear(days) - sundayBased + 7) / 7);
}

export function daysOfIsoDate(year: number, week: number, day: number): number {
  const fourth = daysOf(year, 1, 4);
  return fourth - isoDayOfWeek(fourth) + 1 + (week - 1) * 7 + day - 1;
}
