/** What people type into fields of text. Lengths count letters, not UTF-16 units. */

/**
 * Line breaks, other control characters, halves of characters, which no store keeps, and those that turn the direction of
 * text and so fake other text.
 */
const UNFIT_IN_LINE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** The same, but for line breaks and tabs. */
const UNFIT_IN_TEXT = /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/** Trimmed; nothing when it is empty, too long or not one line. */
export function singleLine(typed: string, maxLength: number): string | undefined {
  const text = typed.trim().normalize('NFC');
  return fits(text, 1, maxLength) && !UNFIT_IN_LINE.test(text) ? text : undefined;
}

/** May be empty. Line breaks become the same everywhere. */
export function longText(typed: string, maxLength: number): string | undefined {
  const text = typed.trim().normalize('NFC').replace(/\r\n?/g, '\n');
  return fits(text, 0, maxLength) && !UNFIT_IN_TEXT.test(text) ? text : undefined;
}

/** For sorting and comparing: small letters without accents. */
export function foldedText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** Most texts are far from the limit, and counting letters costs. */
function fits(text: string, min: number, max: number): boolean {
  if (text.length < min) return false;
  return text.length <= max || (text.length <= max * 2 && [...text].length <= max);
}
