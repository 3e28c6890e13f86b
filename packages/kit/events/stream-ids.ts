/** Ids of entries in a stream: a time in milliseconds and a number within it, `1700000000000-0`. */

/** What comes before the first entry of any stream. */
export const BEFORE_ALL = '0-0';

const FORM = /^\d{1,19}-\d{1,19}$/;

export function isStreamId(text: string): boolean {
  return FORM.test(text);
}

export function isBefore(a: string, b: string): boolean {
  const [timeA, sequenceA] = partsOf(a);
  const [timeB, sequenceB] = partsOf(b);
  return timeA < timeB || (timeA === timeB && sequenceA < sequenceB);
}

export function laterOf(a: string, b: string): string {
  return isBefore(a, b) ? b : a;
}

/** The least id behind this one. */
export function after(id: string): string {
  const [time, sequence] = partsOf(id);
  return `${time}-${sequence + 1n}`;
}

/** An id for what is added now, behind this one whatever the clock says. */
export function nextId(last: string, now: number): string {
  return partsOf(last)[0] < BigInt(now) ? `${now}-0` : after(last);
}

/** Milliseconds since 1970. */
export function timeOfStreamId(id: string): number {
  return Number(partsOf(id)[0]);
}

function partsOf(id: string): [bigint, bigint] {
  const [time = '0', sequence = '0'] = id.split('-');
  return [BigInt(time), BigInt(sequence)];
}
