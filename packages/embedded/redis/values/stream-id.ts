/** Ids of stream entries: milliseconds and a sequence number, both unsigned 64-bit integers. */
import {
  type Int64,
  LAST_UNSIGNED_64,
  nextUnsigned64,
  parseUnsigned64,
  previousUnsigned64,
} from '../numbers/int64.ts';
import { RankedTree } from './ranked-tree.ts';

export interface StreamId {
  readonly ms: Int64;
  readonly seq: Int64;
}

export const FIRST_ID: StreamId = { ms: 0, seq: 0 };
export const LAST_ID: StreamId = { ms: LAST_UNSIGNED_64, seq: LAST_UNSIGNED_64 };

export function compareIds(a: StreamId, b: StreamId): number {
  if (a.ms !== b.ms) return a.ms < b.ms ? -1 : 1;
  if (a.seq !== b.seq) return a.seq < b.seq ? -1 : 1;
  return 0;
}

export const formatId = ({ ms, seq }: StreamId): string => `${ms}-${seq}`;
export const isZeroId = ({ ms, seq }: StreamId): boolean => ms === 0 && seq === 0;
export const laterId = (a: StreamId, b: StreamId): StreamId => (compareIds(a, b) >= 0 ? a : b);

/** A sequence number that is left out is taken from what is given for it. */
export function parseId(text: string, missingSeq: Int64): StreamId | undefined {
  const dash = text.indexOf('-');
  const ms = parseUnsigned64(dash < 0 ? text : text.slice(0, dash));
  const seq = dash < 0 ? missingSeq : parseUnsigned64(text.slice(dash + 1));
  return ms === undefined || seq === undefined ? undefined : { ms, seq };
}

/** Undefined after the last id there can be. */
export function nextId({ ms, seq }: StreamId): StreamId | undefined {
  const nextSeq = nextUnsigned64(seq);
  if (nextSeq !== undefined) return { ms, seq: nextSeq };
  const nextMs = nextUnsigned64(ms);
  return nextMs === undefined ? undefined : { ms: nextMs, seq: 0 };
}

/** Undefined before 0-0. */
export function previousId({ ms, seq }: StreamId): StreamId | undefined {
  const previousSeq = previousUnsigned64(seq);
  if (previousSeq !== undefined) return { ms, seq: previousSeq };
  const previousMs = previousUnsigned64(ms);
  return previousMs === undefined ? undefined : { ms: previousMs, seq: LAST_UNSIGNED_64 };
}

export class IdTree<E extends StreamId> extends RankedTree<E> {
  constructor() {
    super(compareIds);
  }

  /** How many elements come before this id. */
  countBefore(id: StreamId): number {
    return this.countWhile((element) => compareIds(element, id) < 0);
  }

  /** How many elements come before this id or have it. */
  countUpTo(id: StreamId): number {
    return this.countWhile((element) => compareIds(element, id) <= 0);
  }

  find(id: StreamId): E | undefined {
    const candidate = this.at(this.countBefore(id));
    return candidate && compareIds(candidate, id) === 0 ? candidate : undefined;
  }

  /** Those from one id to another, both included. */
  range(from: StreamId, to: StreamId, limit = Infinity): E[] {
    const start = this.countBefore(from);
    return this.slice(start, Math.min(this.countUpTo(to), start + limit));
  }

  /** The same, from the last one back. */
  rangeBack(from: StreamId, to: StreamId, limit = Infinity): E[] {
    const end = this.countUpTo(to);
    return this.slice(Math.max(this.countBefore(from), end - limit), end).reverse();
  }
}
