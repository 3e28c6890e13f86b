/**
 * Carries events from a domain's outbox to its stream `souk:<subgraph>`. Any number of processes run a relay side by
 * side: whoever has something to tell takes the lease, and one tells at a time, so that order holds. What is in the
 * stream and not yet out of the outbox is written down with it, so that whoever comes next does not tell it again.
 * Whoever follows a topic of theirs live is told in the same transaction (telling.ts).
 */
import type { Redis } from 'ioredis';
import type { HealthCheck } from '../http/health.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createLease } from '../redis/lease.ts';
import { type RoundOutcome, startRounds } from '../work/rounds.ts';
import { eventKeys } from './event-keys.ts';
import type { DeclaredEvents } from './events.ts';
import type { Outbox, Waiting } from './outbox.ts';
import { createRelayMetrics } from './relay-metrics.ts';
import { type Keeping, trimStream } from './stream-trimming.ts';
import { createTelling } from './telling.ts';

export interface RelayOptions extends Partial<RelayPace> {
  redis: Redis;
  subgraph: string;
  /** What it tells: followers come by the topics of these, or by the id of an aggregate alone. */
  declared?: DeclaredEvents;
  outbox: Outbox;
  log: Log;
  metrics: Metrics;
}

export interface RelayPace extends Keeping {
  /** Looks into the outbox after this time though nobody woke it: what a process that died had written. */
  pollMs: number;
  /** A relay that is silent for so long has lost its turn. */
  leaseMs: number;
  /** Told at once. */
  batch: number;
  /** How often the outbox is measured and the stream is trimmed. */
  upkeepMs: number;
}

export interface Relay {
  /** There is something in the outbox. */
  wake(): void;
  check: HealthCheck;
  /** Lets the batch at hand end. */
  stop(): Promise<void>;
}

const PACE: RelayPace = {
  pollMs: 1_000,
  leaseMs: 5_000,
  batch: 200,
  upkeepMs: 5_000,
  keepMs: 24 * 60 * 60_000,
  maxLength: 100_000,
};
/** While another process tells, this one asks again so soon: what it has to tell may not be among it. */
const BUSY_MS = 20;
const UNHEALTHY_AFTER_MS = 5_000;
const STATUS_KEPT_S = 24 * 60 * 60;

export function startRelay(options: RelayOptions): Relay {
  const { redis, subgraph, declared, outbox, log, metrics, ...pace } = options;
  const { pollMs, leaseMs, batch, upkeepMs, ...keeping } = { ...PACE, ...pace };
  const keys = eventKeys(subgraph);
  const lease = createLease({ redis, key: keys.relay, leaseMs });
  const telling = createTelling({ redis, subgraph, declared });
  const measured = createRelayMetrics(metrics);
  let measureAt = 0;
  let upkeepAt = 0;
  let latest: Waiting = { count: 0, oldest: undefined };

  const tellAll = async (signal: AbortSignal) => {
    /** In the stream already, and maybe still in the outbox. */
    const sent = new Set(JSON.parse((await redis.get(keys.sent)) ?? '[]') as string[]);
    await telling.begin();
    for (;;) {
      const events = await outbox.read(batch);
      const fresh = events.filter(({ id }) => !sent.has(id));
      for (const { id } of fresh) sent.add(id);
      const told =
        fresh.length === 0 ||
        (await lease.whileHeld((transaction) => {
          telling.tell(transaction, fresh);
          transaction.set(keys.sent, JSON.stringify([...sent]));
        }));
      // The lease was lost on the way: somebody else goes on.
      if (!told) return;
      measured.told(fresh);
      await outbox.remove(events);
      for (const { id } of events) sent.delete(id);
      if (events.length === 0 || signal.aborted) break;
    }
    // Nothing of it is in the outbox any more.
    await lease.release((transaction) => transaction.del(keys.sent));
  };

  const measure = async () => {
    if (Date.now() < measureAt) return;
    measureAt = Date.now() + upkeepMs;
    latest = await outbox.waiting();
    measured.waiting(latest);
  };

  const upkeep = async () => {
    if (Date.now() < upkeepAt) return;
    const { count, oldest } = latest;
    const status = { at: Date.now(), waiting: count, oldest: oldest?.getTime() ?? '' };
    const outcomes = await redis.multi().hset(keys.status, status).expire(keys.status, STATUS_KEPT_S).exec();
    const fault = outcomes?.find(([error]) => error)?.[0];
    if (fault) throw fault;
    for (const { group, entries } of await trimStream(redis, keys.stream, keeping)) {
      measured.lost(entries);
      log.error(
        { stream: keys.stream, group, entries },
        `${group} did not read ${keys.stream} for so long that ${entries} events were cut off it unread; see docs/runbooks/relay-lag.md`,
      );
    }
    upkeepAt = Date.now() + upkeepMs;
  };

  /** Most rounds find nothing, and cost one look. */
  const tellWhatIsThere = async (signal: AbortSignal): Promise<RoundOutcome> => {
    if ((await outbox.read(1)).length === 0) return 'done';
    if (!(await lease.take())) return 'busy';
    try {
      await tellAll(signal);
      return 'more';
    } catch (error) {
      // Let go at once, with what was sent left written down; if even that fails, the lease runs out by itself.
      await lease.release().catch(() => {});
      throw error;
    }
  };

  const rounds = startRounds({
    everyMs: pollMs,
    busyMs: BUSY_MS,
    round: async (signal) => {
      // Needs no Redis: while that is away, the figures grow.
      await measure();
      const outcome = await tellWhatIsThere(signal);
      await upkeep();
      return outcome;
    },
    failed: (error, times) => {
      measured.failed();
      if (times === 1 || times % 12 === 0)
        log.warn({ err: error, times }, `Events of ${subgraph} wait in the outbox: telling them failed`);
    },
    recovered: () => log.info(`Events of ${subgraph} are told again`),
  });

  return {
    wake: rounds.wake,
    check: async () => {
      const since = rounds.failingSince();
      if (since !== undefined && Date.now() - since > UNHEALTHY_AFTER_MS)
        throw new Error(`events of ${subgraph} are not told since ${new Date(since).toISOString()}`);
    },
    stop: async () => {
      await rounds.stop();
      lease.close();
    },
  };
}
