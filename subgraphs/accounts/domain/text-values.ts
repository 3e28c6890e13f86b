/** What people type into single fields: names, labels, tags, numbers. */

/** Line breaks, other control characters, and those that turn the direction of text and so fake other text. */
const UNFIT = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const PHONE = /^\+[1-9]\d{6,14}$/;

/** Trimmed; nothing when it is empty, too long or not one line. Length counts letters, not UTF-16 units. */
export function singleLine(typed: string, maxLength: number): string | undefined {
  const text = typed.trim().normalize('NFC');
  const length = [...text].length;
  return length >= 1 && length <= maxLength && !UNFIT.test(text) ? text : undefined;
}

/** E.164; the signs that people put between the digits are taken out. */
export function phoneNumber(typed: string): string | undefined {
  const text = typed.replace(/[\s()./-]/g, '');
  return PHONE.test(text) ? text : undefined;
}

/** BCP 47, in its canonical case: `de-at` becomes `de-AT`. */
export function languageTag(typed: string): string | undefined {
  if (typed.length > 35) return undefined;
  try {
    return Intl.getCanonicalLocales(typed.trim())[0];
  } catch {
    // RangeError is how Intl says that this is no language tag.
    return undefined;
  }
}
