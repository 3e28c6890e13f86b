/**
 * What a reader could not handle, in `souk:<subgraph>:dead`, each with its reason. Later events of the same aggregate are
 * laid behind it, so that they are applied in order whenever it is. The reader takes letters out, by order of an operator
 * (docs/adr/0018): it alone can apply them.
 */
import type { Redis } from 'ioredis';
import type { Lease } from '../redis/lease.ts';
import { eventKeys, readerKeys } from './event-keys.ts';
import { decodeEvent, type ToldEvent } from './events.ts';

export interface DeadLetter {
  /** The event's; the entry's when no event could be read from it. */
  id: string;
  subgraph: string;
  /** The domain that could not handle it. */
  group: string;
  /** Its place in the stream of the subgraph. */
  entry: string;
  /** Its place among the dead letters. */
  place: string;
  event: ToldEvent | undefined;
  /** As it was found in the stream. */
  text: string;
  /** Nothing of it is known when no event could be read. */
  aggregateId: string;
  buriedAt: Date;
  reason: string;
  attempts: number;
  triedAt: Date;
}

interface Trial {
  reason: string;
  attempts: number;
  triedAt: string;
}

interface Stored {
  group: string;
  entry: string;
  text: string;
  aggregateId: string;
  buriedAt: string;
}

/** So many mean that something is wrong with more than single events: the reader waits. */
export const MAX_LETTERS = 10_000;
const PAGE = 500;

export type LetterToBury = Pick<
  DeadLetter,
  'group' | 'entry' | 'text' | 'aggregateId' | 'reason' | 'attempts'
>;

/** Also takes the entry from those that the group has to handle, all in one; and only while this reader is the one. */
export async function buryLetter(
  redis: Redis,
  lease: Pick<Lease, 'whileHeld'>,
  subgraph: string,
  letter: LetterToBury,
): Promise<void> {
  const { group, entry, text, aggregateId, reason, attempts } = letter;
  const keys = eventKeys(subgraph);
  // It may be buried already, though the answer to that got lost.
  const [pending] = await redis.xpending(keys.stream, group, entry, entry, 1);
  if (!pending) return;
  const now = new Date().toISOString();
  const stored: Stored = { group, entry, text, aggregateId, buriedAt: now };
  const trial: Trial = { reason, attempts, triedAt: now };
  const isDone = await lease.whileHeld((transaction) => {
    transaction
      .xadd(keys.dead, '*', 'json', JSON.stringify(stored))
      .hset(keys.reasons, trialField(letter), JSON.stringify(trial))
      .hdel(readerKeys(subgraph, group).attempts, entry)
      .xack(keys.stream, group, entry);
  });
  if (!isDone) throw new Error('another reader has taken over');
}

/** It was applied, or nobody wants it any more. */
export async function removeLetter(redis: Redis, letter: DeadLetter): Promise<void> {
  const { dead, reasons } = eventKeys(letter.subgraph);
  throwFault(await redis.multi().xdel(dead, letter.place).hdel(reasons, trialField(letter)).exec());
}

export async function noteTrial(redis: Redis, letter: DeadLetter, reason: string): Promise<void> {
  const trial: Trial = { reason, attempts: letter.attempts + 1, triedAt: new Date().toISOString() };
  await redis.hset(eventKeys(letter.subgraph).reasons, trialField(letter), JSON.stringify(trial));
}

/** Oldest first. */
export async function readLetters(
  redis: Redis,
  subgraph: string,
  wanted: (letter: Pick<DeadLetter, 'group' | 'aggregateId' | 'id'>) => boolean = () => true,
): Promise<DeadLetter[]> {
  const { dead, reasons } = eventKeys(subgraph);
  const letters: DeadLetter[] = [];
  let from = '-';
  for (;;) {
    const page = await redis.xrange(dead, from, '+', 'COUNT', PAGE);
    for (const [place, fields] of page) {
      const letter = letterOf(subgraph, place, fields);
      if (wanted(letter)) letters.push(letter);
    }
    if (page.length < PAGE) break;
    from = `(${page.at(-1)![0]}`;
  }
  if (letters.length === 0) return [];
  const trials = await redis.hmget(reasons, ...letters.map(trialField));
  return letters.map((letter, index) => withTrial(letter, trials[index] ?? null));
}

function letterOf(subgraph: string, place: string, fields: string[]): DeadLetter {
  const { group, entry, text, aggregateId, buriedAt } = JSON.parse(fields[1]!) as Stored;
  let event: ToldEvent | undefined;
  try {
    event = decodeEvent(text);
  } catch {
    // That is why it is here; `text` shows what it is.
  }
  const at = new Date(buriedAt);
  const known = { subgraph, group, entry, place, event, text, aggregateId, buriedAt: at, triedAt: at };
  return { ...known, id: event?.id ?? entry, reason: '', attempts: 0 };
}

function withTrial(letter: DeadLetter, text: string | null): DeadLetter {
  if (text === null) return letter;
  const { reason, attempts, triedAt } = JSON.parse(text) as Trial;
  return { ...letter, reason, attempts, triedAt: new Date(triedAt) };
}

function trialField({ group, entry }: Pick<DeadLetter, 'group' | 'entry'>): string {
  return `${group}/${entry}`;
}

function throwFault(outcomes: [Error | null, unknown][] | null): void {
  const fault = outcomes?.find(([error]) => error)?.[0];
  if (fault) throw fault;
}

/** What an operator asks the reader of a group to do with a letter. */
export interface LetterOrder {
  act: 'replay' | 'discard';
  letter: string;
}

export async function orderLetter(
  redis: Redis,
  { subgraph, group }: Pick<DeadLetter, 'subgraph' | 'group'>,
  order: LetterOrder,
): Promise<void> {
  await redis.xadd(readerKeys(subgraph, group).asked, '*', 'json', JSON.stringify(order));
}
