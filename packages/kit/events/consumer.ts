/**
 * Listens to the events of another domain, for a domain of which several processes may run. One of them reads at a time,
 * so that order holds; when it dies, the next one takes over what it had not ended. Within a process, aggregates are
 * handled side by side and the events of one aggregate one after the other.
 */
import type { Redis } from 'ioredis';
import type { HealthCheck } from '../http/health.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createLease } from '../redis/lease.ts';
import { startRounds } from '../work/rounds.ts';
import { createConsumerMetrics } from './consumer-metrics.ts';
import {
  createHandling,
  type Entry,
  type Handlers,
  type Handling,
  type HandlingPace,
} from './event-handling.ts';
import { eventKeys, readerKeys } from './event-keys.ts';
import type { DeclaredEvents, EventTypes } from './events.ts';
import type { Inbox } from './inbox.ts';
import { groupsOf } from './stream-groups.ts';

export interface ConsumerOptions<Types extends EventTypes, Place> extends Partial<ConsumerPace> {
  redis: Redis;
  /** Whose events. */
  from: DeclaredEvents<Types>;
  /** The domain that listens. */
  group: string;
  handlers: Handlers<Types, Place>;
  inbox: Inbox<Place>;
  log: Log;
  metrics: Metrics;
}

export interface ConsumerPace extends HandlingPace {
  /** A reader that is silent for so long is taken for dead. */
  leaseMs: number;
}

export interface Consumer {
  check: HealthCheck;
  /** Lets what is at hand end. */
  stop(): Promise<void>;
}

const PACE: ConsumerPace = {
  leaseMs: 5_000,
  maxAttempts: 6,
  firstWaitMs: 200,
  longestWaitMs: 30_000,
  sideBySide: 8,
};
const AT_ONCE = 100;
const MOST_AT_HAND = 2_000;
const BLOCK_MS = 2_000;
const TIDY_EVERY_MS = 60 * 60_000;
const UNHEALTHY_AFTER_MS = 5_000;
/** The same for all processes: one reads at a time, and takes over what bears this name. */
const READER = 'reader';

type StreamEntry = [id: string, fields: string[] | null];

export function startConsumer<Types extends EventTypes, Place>(
  options: ConsumerOptions<Types, Place>,
): Consumer {
  const { redis, from, group, handlers, inbox, log, metrics, leaseMs: given, ...rest } = options;
  const { leaseMs = PACE.leaseMs } = { leaseMs: given };
  const pace: HandlingPace = { ...PACE, ...rest };
  const { subgraph } = from;
  const { stream, wishes } = eventKeys(subgraph);
  const keys = readerKeys(subgraph, group);
  const measured = createConsumerMetrics(metrics, subgraph);
  const lease = createLease({ redis, key: keys.reader, leaseMs });
  // A read that waits holds its connection.
  const waiting = redis.duplicate({ maxRetriesPerRequest: 0, lazyConnect: false });
  // Said by the round that fails.
  waiting.on('error', () => {});
  let tidiedAt = 0;

  /** Rises also when Redis has lost all it knew: marks of earlier readers may still be in the stores. */
  const nextFence = async () => {
    const fence = Math.max(Number((await redis.get(keys.fence)) ?? 0) + 1, Date.now());
    if (!(await lease.whileHeld((transaction) => transaction.set(keys.fence, fence)))) return undefined;
    return fence;
  };

  const ensureGroups = async () => {
    await createGroup(redis, keys.asked, group);
    // From now on every event is kept for this group; what was told before it, the domain is asked to tell again.
    if (await createGroup(redis, stream, group))
      await redis.xadd(wishes, '*', 'json', JSON.stringify({ group }));
  };

  /** What was handed out to readers before this one and not ended. */
  const takeOver = async (key: string, take: (entry: Entry) => void) => {
    for (let cursor = '0-0'; ; ) {
      const claimed = await lease.whileHeld((transaction) => {
        transaction.xautoclaim(key, group, READER, 0, cursor, 'COUNT', AT_ONCE);
      });
      if (!claimed) return;
      const [next, entries, gone] = claimed[0] as [string, StreamEntry[], string[] | undefined];
      for (const [id, fields] of entries) take({ id, text: fields?.[1] ?? '', isRedelivered: true });
      if (gone && gone.length > 0)
        log.error({ stream: key, entries: gone.length }, `${group} lost events that were cut off unread`);
      if (next === '0-0') return;
      cursor = next;
    }
  };

  /**
   * Entries are handed out under the lease, so that nobody who was taken for dead gets any. Only the wait for more is
   * not: it takes nothing.
   */
  const readNew = async (current: Handling): Promise<boolean> => {
    const outcomes = await lease.whileHeld((transaction) => {
      transaction.xreadgroup(
        ...(['GROUP', group, READER, 'COUNT', AT_ONCE, 'STREAMS', stream, keys.asked, '>', '>'] as const),
      );
    });
    const streams = (outcomes?.[0] ?? []) as [string, StreamEntry[]][];
    for (const [key, entries] of streams) {
      const take = key === stream ? current.take : current.obey;
      for (const [id, fields] of entries) take({ id, text: fields?.[1] ?? '', isRedelivered: false });
    }
    return streams.length > 0;
  };

  const waitForMore = async () => {
    const last = await Promise.all([
      lastDelivered(redis, stream, group),
      lastDelivered(redis, keys.asked, group),
    ]);
    await waiting.xread(
      'COUNT',
      1,
      'BLOCK',
      Math.min(BLOCK_MS, leaseMs),
      'STREAMS',
      stream,
      keys.asked,
      ...last,
    );
  };

  const readUntil = async (isOver: () => boolean, current: Handling, goesWell: () => void) => {
    await takeOver(keys.asked, current.obey);
    await takeOver(stream, current.take);
    goesWell();
    while (!isOver()) {
      await current.fewerThan(MOST_AT_HAND);
      if (!(await readNew(current))) await waitForMore();
      if (Date.now() - tidiedAt > TIDY_EVERY_MS) {
        tidiedAt = Date.now();
        await inbox.tidy();
      }
    }
  };

  const session = async (stopping: AbortSignal, goesWell: () => void) => {
    const ending = new AbortController();
    const signal = AbortSignal.any([stopping, ending.signal]);
    /**
     * Asked before every step: a timer may be late to say that the lease has run out. Once it has, this is over for good,
     * though a renewal be granted yet: an event may have been passed over, and no later one must be applied before it.
     */
    const isOver = () => {
      if (!lease.isHeld()) ending.abort();
      return signal.aborted;
    };
    const renewal = setInterval(() => {
      // If it fails, Redis is away; the next renewal may get through before the lease has run out.
      lease.whileHeld(() => {}).then(isOver, isOver);
    }, leaseMs / 4);
    let current: Handling | undefined;
    try {
      await ensureGroups();
      const fence = await nextFence();
      if (fence === undefined) return;
      current = await createHandling({
        ...{ redis, from, group, handlers, inbox, log, measured, pace },
        ...{ fence, lease, signal, isOver },
      });
      await readUntil(isOver, current, goesWell);
    } catch (error) {
      // A stop cuts off the wait.
      if (!stopping.aborted) throw error;
    } finally {
      ending.abort();
      // Nobody else begins before what was begun here has ended.
      await current?.fewerThan(1);
      clearInterval(renewal);
    }
  };

  const rounds = startRounds({
    everyMs: leaseMs,
    busyMs: leaseMs / 3,
    round: async (signal, goesWell) => {
      if (!(await lease.take())) return 'busy';
      const endWait = () => waiting.disconnect();
      signal.addEventListener('abort', endWait, { once: true });
      try {
        await session(signal, goesWell);
      } finally {
        signal.removeEventListener('abort', endWait);
        // If it fails, the lease runs out by itself.
        await lease.release().catch(() => {});
      }
      return 'more';
    },
    failed: (error, times) => {
      if (times === 1 || times % 12 === 0)
        log.warn({ err: error, times }, `${group} cannot read the events of ${subgraph}`);
    },
    recovered: () => log.info(`${group} reads the events of ${subgraph} again`),
  });

  return {
    check: async () => {
      const since = rounds.failingSince();
      if (since !== undefined && Date.now() - since > UNHEALTHY_AFTER_MS)
        throw new Error(`events of ${subgraph} are not read since ${new Date(since).toISOString()}`);
    },
    stop: async () => {
      await rounds.stop();
      waiting.disconnect();
      lease.close();
    },
  };
}

async function lastDelivered(redis: Redis, stream: string, group: string): Promise<string> {
  const found = (await groupsOf(redis, stream)).find(({ name }) => name === group);
  return found?.['last-delivered-id'] ?? '0-0';
}

/** True when it was not there. */
async function createGroup(redis: Redis, stream: string, group: string): Promise<boolean> {
  try {
    // From the start: what was told before the first reader came is read too.
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
    return true;
  } catch (error) {
    if ((error as Error).message.startsWith('BUSYGROUP')) return false;
    throw error;
  }
}
