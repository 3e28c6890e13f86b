/** What counts as an e-mail address, and when two of them are the same. Whether it is read is for a mail to find out. */

export interface EmailAddress {
  /** As it was typed, for the envelope. */
  text: string;
  /** The form under which it is unique. */
  key: string;
}

/** RFC 5321: 64 for the local part, 254 for all of it. */
const MAX_LOCAL_LENGTH = 64;
const MAX_LENGTH = 254;
const SHAPE =
  /^[^\s@,;:<>()[\]\\"\p{Cc}\p{Cf}\p{Cs}]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;

export function parseEmail(typed: string): EmailAddress | undefined {
  const text = typed.trim().normalize('NFC');
  if (text.length > MAX_LENGTH || !SHAPE.test(text)) return undefined;
  const local = text.slice(0, text.indexOf('@'));
  if (
    local.length > MAX_LOCAL_LENGTH ||
    local.startsWith('.') ||
    local.endsWith('.') ||
    local.includes('..')
  ) {
    return undefined;
  }
  // Providers that tell letters' case apart in the local part are a curiosity; people who mistype it are not.
  return { text, key: text.toLowerCase() };
}
