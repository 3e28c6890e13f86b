/** How far events have come: what waits to be told, and what is told and not yet handled. */
import type { Redis } from 'ioredis';
import { readLetters } from './dead-letters.ts';
import { eventKeys, readerKeys } from './event-keys.ts';
import { groupsOf } from './stream-groups.ts';

export interface EventLag {
  subgraph: string;
  /** How many events the stream keeps. */
  kept: number;
  /** What a relay said last; nothing when none has for a day. */
  relay: { at: Date; waiting: number; oldest: Date | undefined } | undefined;
  groups: GroupLag[];
}

export interface GroupLag {
  group: string;
  /** Not handed out yet; nothing when Redis cannot tell. */
  unread: number | undefined;
  /** Handed out, and not ended. */
  atHand: number;
  deadLetters: number;
  /** Which process reads; nothing when none does. */
  reader: string | undefined;
}

export async function readLag(redis: Redis, subgraph: string): Promise<EventLag> {
  const keys = eventKeys(subgraph);
  const [kept, status] = await Promise.all([redis.xlen(keys.stream), redis.hgetall(keys.status)]);
  const infos =
    kept === 0 && (await redis.exists(keys.stream)) === 0 ? [] : await groupsOf(redis, keys.stream);
  const letters = await readLetters(redis, subgraph);
  const groups = await Promise.all(
    infos.map(async ({ name, lag, pending }): Promise<GroupLag> => {
      const holder = await redis.get(readerKeys(subgraph, name).reader);
      return {
        group: name,
        unread: lag === null ? undefined : Number(lag),
        atHand: Number(pending),
        deadLetters: letters.filter(({ group }) => group === name).length,
        reader: holder?.split(':').slice(0, 2).join(':'),
      };
    }),
  );
  const relay = status.at
    ? {
        at: new Date(Number(status.at)),
        waiting: Number(status.waiting),
        oldest: status.oldest ? new Date(Number(status.oldest)) : undefined,
      }
    : undefined;
  return { subgraph, kept, relay, groups };
}
