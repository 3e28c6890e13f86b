/** Ranges of a sorted set, by rank, score or member: how they are written, and which ranks they mean. */
import { parseUnbounded } from '../numbers/double.ts';
import { CommandError } from '../protocol/reply.ts';
import type { ScoredMember, SortedSet } from '../values/sorted-set.ts';
import { integer } from './arguments.ts';

/** The ranks from start up to, not including, end. */
export interface Ranks {
  start: number;
  end: number;
}

export type Range = (set: SortedSet) => Ranks;

export function rankRange(first: string, last: string): Range {
  const from = integer(first);
  const to = integer(last);
  return ({ size }) => ({
    start: Math.max(0, from < 0 ? size + from : from),
    end: Math.min(size, (to < 0 ? size + to : to) + 1),
  });
}

interface Limit<T> {
  value: T;
  exclusive: boolean;
}

export function scoreRange(min: string, max: string): Range {
  const low = readScoreLimit(min);
  const high = readScoreLimit(max);
  return ({ ranks }) => ({
    start: ranks.countWhile(({ score }) => (low.exclusive ? score <= low.value : score < low.value)),
    end: ranks.countWhile(({ score }) => (high.exclusive ? score < high.value : score <= high.value)),
  });
}

function readScoreLimit(text: string): Limit<number> {
  const exclusive = text.startsWith('(');
  const number = exclusive ? text.slice(1) : text;
  const value = number === '' ? 0 : parseUnbounded(number);
  if (value === undefined) throw new CommandError('ERR min or max is not a float');
  return { value, exclusive };
}

/** `-` stands below all members, `+` above. */
type Edge = 'below all' | 'above all';

/** Makes sense only where all scores are equal; otherwise what it means is not said in Redis either. */
export function lexRange(min: string, max: string): Range {
  const low = readLexLimit(min);
  const high = readLexLimit(max);
  return ({ ranks }) => ({
    start: ranks.countWhile((member) => isBefore(member, low, low !== 'below all')),
    end: ranks.countWhile((member) => isBefore(member, high, false)),
  });
}

/** As a lower limit, an exclusive one counts its own member as before it; as an upper one, an inclusive does. */
function isBefore({ key }: ScoredMember, limit: Limit<string> | Edge, isLower: boolean): boolean {
  if (limit === 'below all') return false;
  if (limit === 'above all') return true;
  return limit.exclusive === isLower ? key <= limit.value : key < limit.value;
}

function readLexLimit(text: string): Limit<string> | Edge {
  if (text === '-') return 'below all';
  if (text === '+') return 'above all';
  if (text[0] !== '(' && text[0] !== '[') {
    throw new CommandError('ERR min or max not valid string range item');
  }
  return { value: text.slice(1), exclusive: text[0] === '(' };
}

export interface Page {
  offset: number;
  /** Negative for all. */
  count: number;
}

export const WHOLE: Page = { offset: 0, count: -1 };

/** The members of a range, or of a page of it, forwards or from its end. */
export function membersIn(set: SortedSet, range: Range, reverse: boolean, page = WHOLE): ScoredMember[] {
  const { start, end } = range(set);
  const { offset, count } = page;
  if (offset < 0 || start >= end) return [];
  const length = count < 0 ? Infinity : count;
  if (!reverse) return set.ranks.slice(start + offset, Math.min(end, start + offset + length));
  return set.ranks.slice(Math.max(start, end - offset - length), end - offset).reverse();
}

/** Ranks counted from the highest score. */
export const fromTheEnd =
  (range: Range): Range =>
  (set) => {
    const { start, end } = range(set);
    return { start: set.size - end, end: set.size - start };
  };

export function countIn(set: SortedSet | undefined, range: Range): number {
  if (!set) return 0;
  const { start, end } = range(set);
  return Math.max(0, end - start);
}
