/** The router's connection to Redis, which it can do without: whatever is asked while it is away fails at once. */
import type { Log } from '@souk/kit/observe/log';
import { Redis } from 'ioredis';
import { type Counted, type SharedCounts, WINDOW_MS } from './rate-limit.ts';

export interface RedisLink {
  redis: Redis;
  counts: SharedCounts;
  close(): void;
}

const MAX_RECONNECT_DELAY_MS = 1_000;
const WARN_EVERY_MS = 10_000;
/** A server that hangs must not hold up the count of the next second. */
const ANSWER_WITHIN_MS = 1_000;
const PREFIX = 'router:rate:';

export function openRedisLink(url: string, log: Log): RedisLink {
  const redis = new Redis(url, {
    connectionName: 'router',
    connectTimeout: 5_000,
    disconnectTimeout: 200,
    commandTimeout: ANSWER_WITHIN_MS,
    enableOfflineQueue: false,
    // Counted twice would be worse than counted late.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_DELAY_MS),
  });
  let warnedAt = Number.NEGATIVE_INFINITY;
  redis.on('error', (error: Error) => {
    if (performance.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = performance.now();
    log.warn({ detail: error.message }, 'Redis is away: rates are limited by this router alone');
  });
  return { redis, counts: { add: (counts) => addCounts(redis, counts) }, close: () => redis.disconnect() };
}

async function addCounts(redis: Redis, counts: readonly Counted[]) {
  const pipeline = redis.pipeline();
  for (const { key, minute, count } of counts) {
    const name = `${PREFIX}${key}:${minute}`;
    pipeline
      .incrby(name, count)
      .pexpire(name, 3 * WINDOW_MS)
      .get(`${PREFIX}${key}:${minute - 1}`);
  }
  const answers = (await pipeline.exec()) ?? [];
  const fault = answers.find(([error]) => error)?.[0];
  if (fault) throw fault;
  return counts.map((_, index) => ({
    now: Number(answers[3 * index]![1]),
    before: Number(answers[3 * index + 2]![1] ?? 0),
  }));
}
