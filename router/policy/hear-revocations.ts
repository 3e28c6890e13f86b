/**
 * Hears revocations from Redis: each as it is published on a channel, and from a stream that keeps the latest ones those
 * that were missed. The stream is read after each connect and every few seconds, since a channel forgets whoever is
 * not there. While Redis is away the router goes on with what it has heard: tokens are short-lived.
 */
import { setTimeout as passes } from 'node:timers/promises';
import type { Log } from '@souk/kit/observe/log';
import type { Redis } from 'ioredis';
import type { Revocations } from './revocations.ts';

export interface HearOptions {
  /** The loop below makes connections of its own by this one's settings. */
  redis: Redis;
  channel: string;
  /** Its entries have one field, whose value is the message. */
  stream: string;
  keptMs: number;
  book: Revocations;
  log: Log;
  /** How often a silent connection is asked whether it still is one: every 5 s when not given. */
  lookEveryMs?: number;
}

export interface Hearing {
  /** Whether what is published now is heard. */
  heard(): boolean;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 5_000;
const RETRY_AFTER_MS = 250;
const AT_ONCE = 1_000;

export function hearRevocations(options: HearOptions): Hearing {
  const { redis, channel, stream, keptMs, book, log, lookEveryMs = LOOK_EVERY_MS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let isHeard = false;
  let wasTold = false;

  const hear = (message: string | undefined): void => {
    if (message === undefined || !book.hear(message))
      log.warn({ channel }, 'A message is no revocation, and is ignored');
  };

  /** Answers with the last entry that it has read. */
  const catchUp = async (reader: Redis, after: string): Promise<string> => {
    for (let last = after; ; ) {
      const entries = await reader.xrange(stream, `(${last}`, '+', 'COUNT', AT_ONCE);
      for (const [, fields] of entries) hear(fields[1]);
      last = entries.at(-1)?.[0] ?? last;
      if (entries.length < AT_ONCE) return last;
    }
  };

  /** Until the connection is lost. */
  const listen = async (): Promise<void> => {
    const alone = { retryStrategy: () => null, autoResubscribe: false, lazyConnect: true } as const;
    const [listener, reader] = [redis.duplicate(alone), redis.duplicate(alone)];
    const ended = new AbortController();
    const over = AbortSignal.any([signal, ended.signal]);
    for (const connection of [listener, reader]) {
      // What went wrong is told by the command that fails.
      connection.on('error', () => {});
      connection.on('close', () => ended.abort());
    }
    try {
      await Promise.all([listener.connect(), reader.connect()]);
      listener.on('message', (_, message) => hear(message));
      await listener.subscribe(channel);
      let last = await catchUp(reader, `${Date.now() - keptMs}-0`);
      isHeard = true;
      wasTold = false;
      while (!signal.aborted) {
        await passes(lookEveryMs, undefined, { signal: over });
        await listener.ping();
        last = await catchUp(reader, last);
      }
    } finally {
      isHeard = false;
      listener.disconnect();
      reader.disconnect();
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await listen();
      } catch (error) {
        if (signal.aborted) return;
        if (!wasTold)
          log.warn({ detail: (error as Error).message }, 'Redis is away: revocations are not heard');
        wasTold = true;
      }
      // Ends at once when it is stopped.
      await passes(RETRY_AFTER_MS, undefined, { signal }).catch(() => {});
    }
  };

  const running = run();
  return {
    heard: () => isHeard,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
