/**
 * Reads a Redis stream as one of a group: each entry goes to one reader, is taken out when it has been handled, and goes
 * to another one when its reader died. Entries hold one field, `json`.
 */
import { hostname } from 'node:os';
import { setTimeout as passes } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Log } from '../observe/log.ts';

export interface StreamReader {
  /** Lets the entry at hand end. */
  stop(): Promise<void>;
}

export interface GroupOptions {
  redis: Redis;
  stream: string;
  group: string;
  /** An entry whose handling fails is tried again after a while, here or elsewhere. */
  handle(value: unknown): Promise<void>;
  log: Log;
  /** An entry that its reader has held for so long is another's: 60 s when not given. */
  claimAfterMs?: number;
}

type Entry = [id: string, fields: string[] | null];

const BLOCK_MS = 5_000;
const AT_ONCE = 10;
const CLAIM_AFTER_MS = 60_000;
const RETRY_AFTER_MS = 1_000;

export function readGroup(options: GroupOptions): StreamReader {
  const { redis, stream, group, log, claimAfterMs = CLAIM_AFTER_MS } = options;
  // The same after a restart, as far as that goes: Redis remembers every reader of a group.
  const reader = `${hostname()}:${process.pid}`;
  // A read that waits holds its connection.
  const waiting = redis.duplicate({ maxRetriesPerRequest: null, lazyConnect: false });
  // The client reconnects by itself, and the loop below says what went wrong.
  waiting.on('error', () => {});
  const stopping = new AbortController();
  const { signal } = stopping;

  const round = async () => {
    const claimed = (await waiting.xautoclaim(
      stream,
      group,
      reader,
      claimAfterMs,
      '0',
      'COUNT',
      AT_ONCE,
    )) as unknown[];
    await handleAll(claimed[1] as Entry[]);
    const fresh = (await waiting.xreadgroup(
      'GROUP',
      group,
      reader,
      'COUNT',
      AT_ONCE,
      'BLOCK',
      Math.min(BLOCK_MS, claimAfterMs),
      'STREAMS',
      stream,
      '>',
    )) as [string, Entry[]][] | null;
    await handleAll(fresh?.[0]?.[1] ?? []);
  };

  const handleAll = async (entries: readonly Entry[]) => {
    for (const [id, fields] of entries) {
      if (signal.aborted) return;
      try {
        const value = readJson(fields);
        if (value === undefined)
          log.error({ stream, entry: id }, 'An entry of a stream is no JSON and is dropped');
        else await options.handle(value);
      } catch (error) {
        // It stays pending, and is claimed again.
        log.error({ err: error, stream, entry: id }, 'An entry of a stream could not be handled');
        continue;
      }
      await redis.multi().xack(stream, group, id).xdel(stream, id).exec();
    }
  };

  const run = async () => {
    while (!signal.aborted) {
      try {
        await ensureGroup(waiting, stream, group);
        while (!signal.aborted) await round();
      } catch (error) {
        if (signal.aborted) return;
        // Redis is away, or has lost the group with its data: both are mended by starting again.
        log.warn({ err: error, stream }, 'A stream cannot be read');
        await passes(RETRY_AFTER_MS, undefined, { signal }).catch(() => {});
      }
    }
  };

  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      // Ends the waiting read.
      waiting.disconnect();
      await running;
    },
  };
}

/** Fields are null when the entry was trimmed while it waited. */
function readJson(fields: string[] | null): unknown {
  try {
    return JSON.parse(fields?.[1] ?? '');
  } catch {
    // Nobody will ever be able to read it: to try again would block the stream.
    return undefined;
  }
}

async function ensureGroup(redis: Redis, stream: string, group: string): Promise<void> {
  try {
    // From the start: what was asked before the first reader came is answered too.
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
  } catch (error) {
    // BUSYGROUP: it is there already.
    if (!(error as Error).message.startsWith('BUSYGROUP')) throw error;
  }
}
