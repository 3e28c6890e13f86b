/**
 * Keeps a stream of events bounded. What every group has handled goes when it is old; what a group has not yet read
 * stays until the stream is longer than it may ever be.
 */
import type { Redis } from 'ioredis';
import { groupsOf } from './stream-groups.ts';
import { after, isBefore } from './stream-ids.ts';

export interface Keeping {
  /** How long a client that was away may take to come back and miss nothing. */
  keepMs: number;
  /** Longer it never gets, whoever has not read it. */
  maxLength: number;
}

export interface CutOff {
  group: string;
  entries: number;
}

interface Group {
  name: string;
  /** The first entry that it still needs lies at this id or behind it. */
  needs: string;
}

/** Answers the groups that lost entries they had not read. */
export async function trimStream(
  redis: Redis,
  stream: string,
  { keepMs, maxLength }: Keeping,
): Promise<CutOff[]> {
  if ((await redis.exists(stream)) === 0) return [];
  const groups = await needsOf(redis, stream);
  const oldest = `${Math.max(0, Date.now() - keepMs)}-0`;
  const bound = groups.map(({ needs }) => needs).reduce((a, b) => (isBefore(b, a) ? b : a), oldest);
  await redis.xtrim(stream, 'MINID', bound);
  const tooMany = (await redis.xlen(stream)) - maxLength;
  if (tooMany <= 0) return [];
  const lost: CutOff[] = [];
  const cut = await redis.xrange(stream, '-', '+', 'COUNT', tooMany);
  for (const { name, needs } of groups) {
    const entries = cut.filter(([id]) => !isBefore(id, needs)).length;
    if (entries > 0) lost.push({ group: name, entries });
  }
  await redis.xtrim(stream, 'MINID', after(cut.at(-1)![0]));
  return lost;
}

async function needsOf(redis: Redis, stream: string): Promise<Group[]> {
  const infos = await groupsOf(redis, stream);
  return Promise.all(
    infos.map(async ({ name, pending, 'last-delivered-id': last }) => {
      if (Number(pending) === 0) return { name, needs: after(last) };
      const [, first] = (await redis.xpending(stream, name)) as [number, string | null];
      return { name, needs: first ?? after(last) };
    }),
  );
}
