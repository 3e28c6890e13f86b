/**
 * The events of a domain as they happen, for subscriptions of its own. One connection a process follows the stream, which
 * is memory and wake-up in one: what was missed while Redis was away is read from where it left off. Each follower gets
 * the events of its aggregates alone, by a look into a map.
 */
import { setTimeout as passes } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { badUserInput, soukError } from './errors.ts';
import { eventKeys } from './event-keys.ts';
import { decodeEvent, type ToldEvent } from './events.ts';
import type { Log } from './log.ts';
import { isBefore } from './stream-trimming.ts';

export interface LiveEvent {
  /** Given back as `after`, it brings everything behind it. */
  cursor: string;
  event: ToldEvent;
}

export interface FollowOptions {
  /** Ids of the aggregates to follow. */
  of: readonly string[];
  /** From now on when not given. */
  after?: string | undefined;
}

export interface LiveEvents {
  /** In order, none left out, none twice; from this call on. Throws RESUME_EXPIRED when something behind `after` is kept no more. */
  follow(options: FollowOptions): AsyncIterableIterator<LiveEvent>;
  stop(): Promise<void>;
}

export interface LiveEventsOptions {
  redis: Redis;
  subgraph: string;
  log: Log;
  /** A follower that lets so many events wait is cut off, with its last cursor: it can come back. */
  maxWaiting?: number;
}

type Entry = [id: string, fields: string[]];

interface Follower {
  waiting: LiveEvent[];
  isTooSlow: boolean;
  wake(): void;
}

const CURSOR = /^\d{1,20}-\d{1,20}$/;
const PAGE = 500;
const BLOCK_MS = 2_000;
const MAX_WAITING = 1_000;
const RETRY_AFTER_MS = 100;

export async function openLiveEvents(options: LiveEventsOptions): Promise<LiveEvents> {
  const { redis, subgraph, log, maxWaiting = MAX_WAITING } = options;
  const { stream } = eventKeys(subgraph);
  const followers = new Map<string, Set<Follower>>();
  const stopping = new AbortController();
  const { signal } = stopping;
  // A read that waits holds its connection.
  const reading = redis.duplicate({ maxRetriesPerRequest: 0, lazyConnect: false });
  // Said by the read that fails.
  reading.on('error', () => {});
  /** Everything up to here has been handed to those who followed by then. */
  let { last: position } = await whatIsKept(redis, stream);

  const handOut = ([id, fields]: Entry) => {
    const event = decoded(fields);
    if (event) {
      for (const follower of followers.get(event.aggregateId) ?? []) {
        if (follower.waiting.length >= maxWaiting) follower.isTooSlow = true;
        else follower.waiting.push({ cursor: id, event });
        follower.wake();
      }
    }
    position = id;
  };

  const run = async () => {
    let isFailing = false;
    while (!signal.aborted) {
      try {
        const found = (await reading.xread(
          ...(['COUNT', PAGE, 'BLOCK', BLOCK_MS, 'STREAMS', stream, position] as const),
        )) as [string, Entry[]][] | null;
        isFailing = false;
        for (const entry of found?.[0]?.[1] ?? []) handOut(entry);
      } catch (error) {
        if (signal.aborted) return;
        // Redis is away. Followers wait, and go on where they were.
        if (!isFailing) log.warn({ err: error, stream }, 'Events cannot be followed for now');
        isFailing = true;
        await passes(RETRY_AFTER_MS, undefined, { signal }).catch(() => {});
      }
    }
  };

  const enlist = (of: readonly string[], follower: Follower) => {
    for (const id of of) followers.set(id, (followers.get(id) ?? new Set()).add(follower));
    return () => {
      for (const id of of) {
        followers.get(id)?.delete(follower);
        if (followers.get(id)?.size === 0) followers.delete(id);
      }
    };
  };

  const follow = ({ of, after }: FollowOptions): AsyncIterableIterator<LiveEvent> => {
    if (after !== undefined && !CURSOR.test(after))
      throw badUserInput('This is no cursor: give one that this subscription sent, or none', 'after');
    let rouse = () => {};
    let hasLeft = false;
    const follower: Follower = { waiting: [], isTooSlow: false, wake: () => rouse() };
    // From here on everything behind `joined` comes by itself; what lies before is read from the stream.
    const joined = position;
    const strike = enlist(of, follower);
    const leave = () => {
      hasLeft = true;
      strike();
      rouse();
    };

    const all = async function* (): AsyncGenerator<LiveEvent> {
      if (after !== undefined) {
        await checkIsKept(redis, stream, after);
        yield* past(after, joined, new Set(of));
      }
      while (!signal.aborted && !hasLeft) {
        const next = follower.waiting.shift();
        if (next) {
          // Another process may have been ahead of this one, and have sent it already.
          if (after === undefined || isBefore(after, next.cursor)) yield next;
        } else if (follower.isTooSlow) {
          throw soukError('SUBSCRIBER_TOO_SLOW', `More than ${maxWaiting} events were waiting to be taken`);
        } else
          await new Promise<void>((resolve) => {
            rouse = resolve;
          });
      }
    };
    const events = all();
    return {
      next: () =>
        events.next().then(
          (result) => {
            if (result.done) leave();
            return result;
          },
          (error: unknown) => {
            leave();
            throw error;
          },
        ),
      // Not left to the generator, which would first wait for its next event; and one that never began does nothing.
      return: async () => {
        leave();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };

  async function* past(after: string, upTo: string, of: ReadonlySet<string>): AsyncGenerator<LiveEvent> {
    for (let last = after; isBefore(last, upTo); ) {
      // With the last one again: as long as that is there, nothing behind it was trimmed.
      const [known, ...page] = await redis.xrange(stream, last, upTo, 'COUNT', PAGE + 1);
      if (known?.[0] !== last) throw expired((await whatIsKept(redis, stream)).first);
      for (const [cursor, fields] of page) {
        const event = decoded(fields);
        if (event && of.has(event.aggregateId)) yield { cursor, event };
      }
      if (page.length < PAGE) return;
      last = page.at(-1)![0];
    }
  }

  const running = run();
  return {
    follow,
    stop: async () => {
      stopping.abort();
      for (const group of followers.values()) for (const follower of group) follower.wake();
      reading.disconnect();
      await running;
    },
  };
}

interface Kept {
  /** Nothing when everything was trimmed. */
  first: string | undefined;
  /** Also when it was trimmed since. */
  last: string;
}

async function whatIsKept(redis: Redis, stream: string): Promise<Kept> {
  try {
    const fields = (await redis.xinfo('STREAM', stream)) as unknown[];
    const field = (name: string) => fields[fields.indexOf(name) + 1];
    return {
      first: (field('first-entry') as Entry | null)?.[0],
      last: String(field('last-generated-id')),
    };
  } catch (error) {
    // Nothing was told yet.
    if ((error as Error).message === 'ERR no such key') return { first: undefined, last: '0-0' };
    throw error;
  }
}

/** A stream is trimmed from its beginning, so whatever lies behind an entry that is kept is kept too. */
async function checkIsKept(redis: Redis, stream: string, after: string): Promise<void> {
  const { first, last } = await whatIsKept(redis, stream);
  // Nothing has come since. A later one than the last is of a stream that is gone.
  if (after === last) return;
  if (first !== undefined && !isBefore(after, first) && isBefore(after, last)) return;
  throw expired(first);
}

function expired(oldest: string | undefined) {
  const message = 'What came after this cursor is not kept any more; ';
  return oldest === undefined
    ? soukError('RESUME_EXPIRED', `${message}load the whole anew and subscribe without \`after\``)
    : soukError('RESUME_EXPIRED', `${message}the oldest one still there is ${oldest}`, {
        extensions: { oldest },
      });
}

function decoded(fields: string[]): ToldEvent | undefined {
  try {
    return decodeEvent(fields[1] ?? '');
  } catch {
    // Not written by a relay. Readers lay it aside and tell an operator.
    return undefined;
  }
}
