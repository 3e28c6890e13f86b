/**
 * The events of a domain as they happen, for subscriptions of its own: by topic, from now on or from any cursor that the
 * stream still keeps, in order, none left out, none twice.
 */
import type { Redis } from 'ioredis';
import { badUserInput } from '../errors/errors.ts';
import type { DeclaredEvents, EventTypes, ReadEvent } from '../events/events.ts';
import { createStreamReading } from '../events/stream-reading.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createDecoding } from './decoding.ts';
import { createFollower, type Follower } from './follower.ts';
import { createLiveMetrics } from './metrics.ts';
import { openTopics } from './topics.ts';

export interface LiveEvent<Event> {
  /** Given back as `after`, it brings everything behind it. */
  cursor: string;
  event: Event;
}

export interface FollowOptions<Type extends string = string> {
  /** Ids of aggregates, or what the types of events declare as their topics. */
  topics: readonly string[];
  /** All types when not given. */
  types?: readonly Type[];
  /** From now on when there is none. */
  after?: string | null | undefined;
}

export interface LiveEvents<Types extends EventTypes = EventTypes> {
  /**
   * What happens once this has answered is among them, so await it before anything is promised. It fails with
   * RESUME_EXPIRED when something behind `after` is not kept any more, with BAD_USER_INPUT when that is no cursor. A
   * follower that lets too much wait is ended with SLOW_CONSUMER, after what it had. `return()` ends it at once.
   */
  follow<Type extends keyof Types & string>(
    options: FollowOptions<Type>,
  ): Promise<AsyncIterableIterator<LiveEvent<ReadEvent<Types, Type>>>>;
  stop(): Promise<void>;
}

export type LiveEventsOf<Declared extends DeclaredEvents> = LiveEvents<Declared['types']>;

export interface LiveEventsOptions<Types extends EventTypes> {
  redis: Redis;
  declared: DeclaredEvents<Types>;
  log: Log;
  metrics: Metrics;
  /** A follower that lets so many events wait is ended: 1,000 when not given. */
  maxWaiting?: number;
  /** Entries of the stream that are read at once: 500 when not given. */
  pageLength?: number;
}

const MAX_WAITING = 1_000;
const MAX_TOPICS = 200;

export function openLiveEvents<Types extends EventTypes>(
  options: LiveEventsOptions<Types>,
): LiveEvents<Types> {
  const { redis, declared, log, maxWaiting = MAX_WAITING, pageLength } = options;
  const { subgraph } = declared;
  type Event = ReadEvent<Types>;
  const measured = createLiveMetrics(options.metrics);
  const memory = createStreamReading({ redis, subgraph, pageLength, wasRead: measured.page });
  const { decode, arrivalOf, isOf } = createDecoding<Types>(declared, log);
  const topics = openTopics({
    redis,
    subgraph,
    log,
    decode: (cursor, text) => {
      const arrival = decode(cursor, text);
      return arrival.event === undefined ? undefined : arrival;
    },
    end: memory.end,
    wasCut: measured.cut,
  });
  const followers = new Set<Follower<Event>>();

  const follow = async ({ topics: names, types, after }: FollowOptions) => {
    if (names.length === 0 || names.length > MAX_TOPICS)
      throw badUserInput(`From 1 to ${MAX_TOPICS} things can be followed at once`);
    const wanted = new Set(names);
    const follower = createFollower<Event>({
      maxWaiting,
      wants: ({ type }) => types === undefined || types.includes(type),
      read: async (from) => {
        const { entries, isLast } = await memory.page(from, names);
        const arrivals = entries.filter((entry) => isOf(entry, wanted)).map(arrivalOf);
        return { arrivals, end: entries.at(-1)?.[0] ?? from, isLast };
      },
      left: (error) => {
        followers.delete(follower);
        topics.leave(names, follower);
        measured.ended(error);
      },
    });
    followers.add(follower);
    measured.opened(typeof after === 'string');
    try {
      // Fails where Redis is away, instead of waiting for it.
      if (typeof after === 'string') await memory.check(after, names);
      else await memory.end();
      await topics.join(names, follower);
      follower.begin(typeof after === 'string' ? { after } : { now: await memory.end() });
    } catch (error) {
      follower.leave(error);
      throw error;
    }
    return follower.events;
  };

  return {
    follow: follow as LiveEvents<Types>['follow'],
    stop: async () => {
      for (const follower of [...followers]) follower.leave();
      topics.stop();
    },
  };
}
