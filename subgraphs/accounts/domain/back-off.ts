/**
 * How long to wait after failures. A limit is a list: the n-th entry is the wait after the n-th failure in a row. The
 * store counts before a password or code is looked at, so that many tries at once get no further than one by one.
 */

export interface AttemptLimit {
  /** What is being counted; part of the key. */
  kind: string;
  /** Seconds to wait after the first, second, … failure; the last one holds for all that follow. */
  waits: readonly number[];
  /** Failures older than this are forgotten, in seconds. */
  forgetAfter: number;
}

const GROWING = [1, 2, 4, 8, 16, 32, 60, 120, 300, 900];
const HOUR = 3_600;

function afterFree(free: number, waits: readonly number[] = GROWING): number[] {
  return [...Array<number>(free).fill(0), ...waits];
}

/** Passwords tried on one address, whether or not an account has it. */
export const PASSWORD_OF_ACCOUNT: AttemptLimit = {
  kind: 'password',
  waits: afterFree(5),
  forgetAfter: 24 * HOUR,
};
/** Sign-ins, sign-ups and resets from one network: an office behind one address is not to be locked out. */
export const REQUESTS_OF_PLACE: AttemptLimit = { kind: 'place', waits: afterFree(100), forgetAfter: HOUR };
/** TOTP and recovery codes tried by one user, over all challenges. */
export const CODE_OF_USER: AttemptLimit = { kind: 'code', waits: afterFree(10), forgetAfter: 24 * HOUR };
/** Reset mails to one address. */
export const RESET_MAIL: AttemptLimit = { kind: 'reset', waits: [60], forgetAfter: HOUR };

export function describeWait(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
