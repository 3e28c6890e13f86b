/** The groups that read a stream, as Redis tells of them. */
import type { Redis } from 'ioredis';

export interface GroupInfo {
  name: string;
  pending: number;
  lag: number | null;
  'last-delivered-id': string;
}

export async function groupsOf(redis: Redis, stream: string): Promise<GroupInfo[]> {
  const infos = (await redis.xinfo('GROUPS', stream)) as unknown[][];
  return infos.map((fields) => {
    const pairs = fields.flatMap((field, index) => (index % 2 === 0 ? [[field, fields[index + 1]]] : []));
    return Object.fromEntries(pairs) as GroupInfo;
  });
}
