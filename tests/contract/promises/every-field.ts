/** Every field can be asked for, from the root and from an entity, and none fails. */
import { expect, test } from '@jest/globals';
import type { Room } from '@souk/kit/room/room';
import { collectKeys, entitiesOf, entityQuery, type Keys, rootQueries } from '../crawl.ts';
import { EVERY_SCOPE, type OpenHouse } from '../open-house.ts';

/** Entities found in one room lead to those of another. */
const ROUNDS = 3;
const AT_ONCE = 3;

export function promiseEveryField(rooms: readonly Room[], house: () => OpenHouse, keys: Keys): void {
  test('Every field of every room answers', async () => {
    const faults = new Set<string>();
    /** What a round before asked in the same words needs no second answer. */
    const asked = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const room of rooms) for (const fault of await walk(room, house(), keys, asked)) faults.add(fault);
    }
    expect([...faults]).toEqual([]);
    // Should the walk break, the promises after it would hold for nothing.
    expect(keys.size).toBeGreaterThan(rooms.length);
  }, 120_000);
}

async function walk(room: Room, house: OpenHouse, keys: Keys, asked: Set<string>): Promise<string[]> {
  const [userId] = keys.get('User') ?? [];
  const viewer = { scopes: EVERY_SCOPE, ...(userId === undefined ? {} : { userId }) };
  const faults: string[] = [];
  const take = async (what: string, query: string, variables: object) => {
    const words = JSON.stringify([room.name, viewer, query, variables]);
    if (asked.has(words)) return;
    asked.add(words);
    const { data, errors } = await house.ask(room.name, query, variables, viewer);
    collectKeys(data, keys);
    for (const { message, path, extensions } of errors) {
      // Some things are nobody's but their owner's, whatever the scopes.
      if (extensions.code === 'FORBIDDEN' || extensions.code === 'UNAUTHENTICATED') continue;
      faults.push(`${room.name} ${what} ${path?.join('.')}: ${extensions.code} ${message}`);
    }
  };
  for (const { field, query } of rootQueries(room, keys)) await take(field, query, {});
  for (const type of entitiesOf(room)) {
    const representations = [...(keys.get(type.name) ?? [])]
      .slice(0, AT_ONCE)
      .map((id) => ({ __typename: type.name, id }));
    if (representations.length > 0) await take(type.name, entityQuery(type, keys), { representations });
  }
  return faults;
}
