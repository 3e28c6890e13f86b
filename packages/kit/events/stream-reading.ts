/** Reads a stream of events from its memory: pages behind an id, and whether anything behind it was trimmed. */
import type { Redis } from 'ioredis';
import { badUserInput, soukError } from '../errors/errors.ts';
import { eventKeys } from './event-keys.ts';
import { TOPIC_KEPT_S, topicKey } from './event-topics.ts';
import { BEFORE_ALL, isBefore, isStreamId, timeOfStreamId } from './stream-ids.ts';

export type StreamEntry = [id: string, fields: string[]];

export interface StreamPage {
  entries: readonly StreamEntry[];
  /** Nothing more was there at the moment of reading. */
  isLast: boolean;
}

export interface StreamReading {
  /** Id of the last entry that was ever added. */
  end(): Promise<string>;
  /** Fails with RESUME_EXPIRED when something of these topics behind `cursor` is kept no more. */
  check(cursor: string, topics: readonly string[]): Promise<void>;
  /** What lies behind `from`, read at some moment after this call; those who ask for the same before then share it. */
  page(from: string, topics: readonly string[]): Promise<StreamPage>;
}

export interface StreamReadingOptions {
  redis: Redis;
  subgraph: string;
  pageLength?: number | undefined;
  wasRead?(): void;
}

const PAGE_LENGTH = 500;
/** Pages that are read at the same time: when Redis comes back, everybody asks for one. */
const AT_ONCE = 4;

export function createStreamReading({
  redis,
  subgraph,
  pageLength = PAGE_LENGTH,
  wasRead = () => {},
}: StreamReadingOptions): StreamReading {
  const { stream } = eventKeys(subgraph);
  const asked = new Map<string, Promise<StreamEntry[]>>();
  let running = 0;
  const waiting: (() => void)[] = [];

  const inTurn = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };

  /** With the entry `from` itself: as long as that is there, nothing behind it was trimmed. */
  const entriesFrom = (from: string): Promise<StreamEntry[]> => {
    const known = asked.get(from);
    if (known) return known;
    // Not before it is in the map, out of which it goes when it is sent.
    const entries = Promise.resolve().then(() =>
      inTurn(() => {
        asked.delete(from);
        wasRead();
        return redis.xrange(stream, from, '+', 'COUNT', pageLength + 1);
      }),
    );
    asked.set(from, entries);
    return entries;
  };

  const check = async (cursor: string, topics: readonly string[]) => {
    const { first, last } = await edgesOf(redis, stream);
    if (cursor === last) return;
    if (!isBefore(cursor, last)) throw expired(first);
    if (first !== undefined && !isBefore(cursor, first)) return;
    // Something behind it may have been trimmed, but maybe nothing of these topics.
    const told = await redis.mget(topics.map((topic) => topicKey(subgraph, topic)));
    const keptSince = Date.now() - TOPIC_KEPT_S * 1_000;
    const isWhole = told.every((id) =>
      id === null ? timeOfStreamId(cursor) > keptSince : !isBefore(cursor, id),
    );
    if (!isWhole) throw expired(first);
  };

  return {
    end: () => lastIdOf(redis, stream),
    check: async (cursor, topics) => {
      if (!isStreamId(cursor))
        throw badUserInput('This is no cursor: give one that this subscription sent, or none', 'after');
      await check(cursor, topics);
    },
    page: async (from, topics) => {
      const found = await entriesFrom(from);
      const isThere = found[0]?.[0] === from;
      // Looked at after the page was read, so that nothing is trimmed in between.
      if (!isThere && from !== BEFORE_ALL) await check(from, topics);
      const entries = isThere ? found.slice(1) : found.slice(0, pageLength);
      return { entries, isLast: entries.length < pageLength };
    },
  };
}

/** Also when it was trimmed since. */
export async function lastIdOf(redis: Redis, stream: string): Promise<string> {
  return (await edgesOf(redis, stream)).last;
}

interface Edges {
  /** Nothing when everything was trimmed. */
  first: string | undefined;
  last: string;
}

async function edgesOf(redis: Redis, stream: string): Promise<Edges> {
  try {
    const fields = (await redis.xinfo('STREAM', stream)) as unknown[];
    const field = (name: string) => fields[fields.indexOf(name) + 1];
    return {
      first: (field('first-entry') as StreamEntry | null)?.[0],
      last: String(field('last-generated-id')),
    };
  } catch (error) {
    // Nothing was told yet.
    if ((error as Error).message === 'ERR no such key') return { first: undefined, last: BEFORE_ALL };
    throw error;
  }
}

function expired(oldest: string | undefined) {
  const message =
    'What came after this cursor is not kept any more; load the whole anew and subscribe without `after`';
  return soukError('RESUME_EXPIRED', message, { extensions: oldest === undefined ? {} : { oldest } });
}
