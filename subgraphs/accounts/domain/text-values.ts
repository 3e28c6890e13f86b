/** Numbers and languages as people type them. */

const PHONE = /^\+[1-9]\d{6,14}$/;

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
