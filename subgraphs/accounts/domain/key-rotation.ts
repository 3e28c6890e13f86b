/** When signing keys come and go: what to make now, which one signs, which ones are still published. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A key signs for so long, then the next one does. */
export const SIGNS_FOR_MS = 30 * DAY;
/** The next key is published so long before it signs, for those who keep a copy of the key set. */
export const ANNOUNCED_FOR_MS = 60 * MINUTE;
/** Longer than any token lives: whoever holds one of its last tokens still finds the key. */
export const PUBLISHED_AFTER_MS = 60 * MINUTE;

export interface KeyTimes {
  signsFrom: Date;
  signsUntil: Date;
  publishedUntil: Date;
}

/** The key to make now, if any. */
export function nextKey(keys: readonly KeyTimes[], now: Date): KeyTimes | undefined {
  const lastsUntil = Math.max(0, ...keys.map((key) => key.signsUntil.getTime()));
  if (lastsUntil - now.getTime() > ANNOUNCED_FOR_MS) return undefined;
  const from = Math.max(lastsUntil, now.getTime());
  return {
    signsFrom: new Date(from),
    signsUntil: new Date(from + SIGNS_FOR_MS),
    publishedUntil: new Date(from + SIGNS_FOR_MS + PUBLISHED_AFTER_MS),
  };
}

export function signerAt<Key extends KeyTimes>(keys: readonly Key[], now: Date): Key | undefined {
  return keys.find((key) => key.signsFrom <= now && now < key.signsUntil);
}

export function publishedAt<Key extends KeyTimes>(keys: readonly Key[], now: Date): Key[] {
  return keys.filter((key) => now < key.publishedUntil);
}
