/** What a reader knows of the dead letters of its group: which aggregates have some, so that their later events wait. */
import type { Redis } from 'ioredis';
import type { Lease } from '../redis/lease.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import {
  buryLetter,
  type DeadLetter,
  type LetterToBury,
  MAX_LETTERS,
  noteTrial,
  readLetters,
  removeLetter,
} from './dead-letters.ts';
import { eventKeys } from './event-keys.ts';

export interface LetterBook {
  isBlocked(aggregateId: string): boolean;
  /** Oldest first. */
  ofAggregate(aggregateId: string): Promise<DeadLetter[]>;
  find(id: string): Promise<DeadLetter | undefined>;
  bury(letter: Omit<LetterToBury, 'group'>): Promise<void>;
  remove(letter: DeadLetter): Promise<void>;
  noteTrial(letter: DeadLetter, reason: string): Promise<void>;
}

export interface LetterBookOptions {
  redis: Redis;
  lease: Lease;
  subgraph: string;
  group: string;
  measured: ConsumerMetrics;
}

export async function openLetterBook(options: LetterBookOptions): Promise<LetterBook> {
  const { redis, lease, subgraph, group, measured } = options;
  const { dead } = eventKeys(subgraph);
  const counts = new Map<string, number>();
  const set = (aggregateId: string, count: number) => {
    if (count > 0) counts.set(aggregateId, count);
    else counts.delete(aggregateId);
    measured.letters([...counts.values()].reduce((sum, one) => sum + one, 0));
  };
  const countOf = (aggregateId: string) => counts.get(aggregateId) ?? 0;
  const own = (wanted: (letter: Pick<DeadLetter, 'aggregateId' | 'id'>) => boolean) =>
    readLetters(redis, subgraph, (letter) => letter.group === group && wanted(letter));

  for (const { aggregateId } of await own(() => true)) set(aggregateId, countOf(aggregateId) + 1);

  return {
    isBlocked: (aggregateId) => counts.has(aggregateId),
    ofAggregate: async (aggregateId) => {
      const letters = await own((letter) => letter.aggregateId === aggregateId);
      // One may have been removed though the answer to that got lost.
      set(aggregateId, letters.length);
      return letters;
    },
    find: async (id) => (await own((letter) => letter.id === id))[0],
    bury: async (letter) => {
      if ((await redis.xlen(dead)) >= MAX_LETTERS)
        throw new Error(
          `there are ${MAX_LETTERS} dead letters in ${dead}; see docs/runbooks/dead-letters.md`,
        );
      await buryLetter(redis, lease, subgraph, { ...letter, group });
      set(letter.aggregateId, countOf(letter.aggregateId) + 1);
    },
    remove: async (letter) => {
      await removeLetter(redis, letter);
      set(letter.aggregateId, countOf(letter.aggregateId) - 1);
    },
    noteTrial: (letter, reason) => noteTrial(redis, letter, reason),
  };
}
