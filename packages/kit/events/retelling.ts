/**
 * A domain that begins to listen, or that has lost its place with Redis, asks to be told everything anew (consumer.ts).
 * Whoever has something worth telling again answers here, by events that say how each thing stands.
 */
import type { Redis } from 'ioredis';
import type { Log } from '../observe/log.ts';
import { readGroup, type StreamReader } from '../redis/group.ts';
import { eventKeys } from './event-keys.ts';

export interface RetellingOptions {
  redis: Redis;
  subgraph: string;
  /** Writes events into the outbox; answers how many. May be called again for the same wish. */
  retell(): Promise<number>;
  log: Log;
}

export function answerWishes({ redis, subgraph, retell, log }: RetellingOptions): StreamReader {
  const handle = async (wish: unknown) => {
    const { group } = wish as { group: string };
    const told = await retell();
    log.info({ group, told }, `${group} began to listen and is told anew how everything stands`);
  };
  return readGroup({ redis, stream: eventKeys(subgraph).wishes, group: subgraph, handle, log });
}
