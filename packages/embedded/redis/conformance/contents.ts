/** All that a server holds, read through its own commands, to be compared with what it holds later. */
import type { RespClient, Shown } from './resp-client.ts';

/** When a consumer was last seen is not kept over a restart. */
const FORGOTTEN = new Set(['seen-time', 'active-time']);

const READERS: Readonly<Record<string, (key: string) => string[]>> = {
  string: (key) => ['GET', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  hash: (key) => ['HGETALL', key],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  stream: (key) => ['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0'],
};

export async function contentsOf(client: RespClient): Promise<Record<string, Shown>> {
  const contents: Record<string, Shown> = {};
  const filled = String(await client.call('INFO', 'keyspace')).matchAll(/^db(\d+):/gm);
  for (const [, database] of filled) {
    await client.call('SELECT', database!);
    const keys = (await client.call('KEYS', '*')) as string[];
    for (const key of keys.sort()) {
      const { status: type } = (await client.call('TYPE', key)) as { status: string };
      const value = await client.call(...READERS[type]!(key));
      const expiry = await client.call('PEXPIRETIME', key);
      contents[`${database} ${key}`] = [type, expiry, type === 'stream' ? withoutForgotten(value) : value];
    }
  }
  await client.call('SELECT', '0');
  return contents;
}

function withoutForgotten(value: Shown): Shown {
  if (!Array.isArray(value)) return value;
  return value
    .filter((_, place) => !isForgotten(value[place]) && !isForgotten(value[place - 1]))
    .map(withoutForgotten);
}

const isForgotten = (value: Shown | undefined) => typeof value === 'string' && FORGOTTEN.has(value);
