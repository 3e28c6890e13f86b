/** The stream of events: written by whoever measures, read by the room that tells of orders. */
import type { Redis } from 'ioredis';

const KEY = 'bench:orders';
const BLOCK_MS = 5_000;
/** Without an answer for so long it is asked again: a server that was killed may leave a socket that says nothing. */
const COMMAND_WITHIN_MS = 8_000;

export interface OrderEvent {
  cursor: string;
  seq: number;
  /** Microseconds. */
  at: number;
}

export const REDIS_OPTIONS = {
  maxRetriesPerRequest: null,
  retryStrategy: () => 100,
  commandTimeout: COMMAND_WITHIN_MS,
};

const cursorOf = (seq: number) => `1-${seq}`;
export const seqOf = (cursor: string) => Number(cursor.split('-')[1]);

/** Once, also when nobody knows whether the first try arrived: the number is its id. */
export async function publish(redis: Redis, seq: number, at: number): Promise<void> {
  for (;;) {
    try {
      await redis.xadd(KEY, cursorOf(seq), 'at', at);
      return;
    } catch (error) {
      if (/equal or smaller/.test((error as Error).message)) return;
      // Redis was away in the middle of it.
    }
  }
}

/** All that is in the stream, then what comes, for ever. */
export async function* readAll(redis: Redis): AsyncGenerator<OrderEvent> {
  let last = '0-0';
  for (;;) {
    let answer: Awaited<ReturnType<Redis['xread']>>;
    try {
      answer = await redis.xread('COUNT', 1_000, 'BLOCK', BLOCK_MS, 'STREAMS', KEY, last);
    } catch {
      // Redis was away; the client connects again.
      continue;
    }
    for (const [cursor, [, at]] of answer?.[0]?.[1] ?? []) {
      last = cursor;
      yield { cursor, seq: seqOf(cursor), at: Number(at) };
    }
  }
}
