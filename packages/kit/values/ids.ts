/** Ids: a type prefix, an underscore and a monotonic ULID, as in `prd_01J8Z3…`. Clients never parse them. */
import { randomFillSync } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;
/** A ULID's 48 bits of time end in the year 10889; its first letter is therefore at most 7. */
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const PREFIX = /^[a-z]{2,5}$/;

export interface IdSource {
  /** Milliseconds since 1970. */
  now(): number;
  fillRandom(bytes: Uint8Array): void;
}

export type IdMaker = (prefix: string) => string;

/** Ids of one maker rise strictly, also within a millisecond and when the clock is set back. */
export function createIdMaker({ now, fillRandom }: IdSource): IdMaker {
  const random = new Uint8Array(RANDOM_LENGTH);
  let lastTime = -1;
  let timeText = '';
  return (prefix) => {
    if (!PREFIX.test(prefix)) throw new Error(`"${prefix}" is no id prefix: two to five small letters`);
    const time = now();
    if (time > lastTime) {
      lastTime = time;
      timeText = encodeTime(time);
      fillRandom(random);
      for (let i = 0; i < RANDOM_LENGTH; i++) random[i] = random[i]! & 31;
    } else if (!increment(random)) {
      // 2^80 ids within a millisecond: borrow the next one.
      lastTime += 1;
      timeText = encodeTime(lastTime);
    }
    let id = `${prefix}_${timeText}`;
    for (let i = 0; i < RANDOM_LENGTH; i++) id += CROCKFORD[random[i]!];
    return id;
  };
}

/** Adds one to a number of base 32; false when it overflowed to zero. */
function increment(digits: Uint8Array): boolean {
  for (let i = digits.length - 1; i >= 0; i--) {
    if (digits[i]! < 31) {
      digits[i] = digits[i]! + 1;
      return true;
    }
    digits[i] = 0;
  }
  return false;
}

function encodeTime(time: number): string {
  let text = '';
  let rest = time;
  for (let i = 0; i < TIME_LENGTH; i++) {
    text = CROCKFORD[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** One system call fills 256 ids. */
function pooledRandom(): (bytes: Uint8Array) => void {
  const pool = new Uint8Array(256 * RANDOM_LENGTH);
  let used = pool.length;
  return (bytes) => {
    if (used + bytes.length > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    bytes.set(pool.subarray(used, used + bytes.length));
    used += bytes.length;
  };
}

export const newId: IdMaker = createIdMaker({ now: Date.now, fillRandom: pooledRandom() });

/** Whether a text is an id of this type. It says nothing about whether the thing exists. */
export function isId(prefix: string, text: string): boolean {
  return (
    text.length === prefix.length + 1 + TIME_LENGTH + RANDOM_LENGTH &&
    text.startsWith(prefix) &&
    text[prefix.length] === '_' &&
    ULID.test(text.slice(prefix.length + 1))
  );
}

/** When an id was made, in milliseconds since 1970. */
export function timeOfId(id: string): number {
  let time = 0;
  const start = id.indexOf('_') + 1;
  for (const letter of id.slice(start, start + TIME_LENGTH)) time = time * 32 + CROCKFORD.indexOf(letter);
  return time;
}
