/** Entities are found by key in the order asked for, twice where asked twice, and in one go however many they are. */
import { expect, test } from '@jest/globals';
import type { Room } from '@souk/kit/room/room';
import { newId } from '@souk/kit/values/ids';
import { entitiesOf, type Keys } from '../crawl.ts';
import type { OpenHouse } from '../open-house.ts';

const MANY = 20;

export function promiseEntities(room: Room, house: () => OpenHouse, keys: Keys): void {
  const types = entitiesOf(room).filter((type) => type.getFields().id);
  const find = (type: string, fields: string, ids: readonly string[]) =>
    house().ask(
      room.name,
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on ${type} { ${fields} } } }`,
      { representations: ids.map((id) => ({ __typename: type, id })) },
    );

  test.each(types.map((type) => [type.name, type] as const))(
    'finds %s by key: duplicate keys twice, missing ones not at all',
    async (name) => {
      const known = [...(keys.get(name) ?? [])].slice(0, 2);
      const missing = newId(known[0]?.split('_')[0] ?? 'zzz');
      const asked = [...known, missing, ...known, missing];
      const { data, errors } = await find(name, 'id', asked);
      expect(errors).toEqual([]);
      const found = data._entities as ({ id: string } | null)[];
      // A room that only adds to an entity cannot know which exist: it may answer the key that it was given.
      expect(found.map((entity, index) => entity?.id ?? (asked[index] === missing ? missing : null))).toEqual(
        asked,
      );
    },
  );

  test('takes keys that are no ids for missing ones', async () => {
    for (const type of types) {
      const { status, data } = await find(type.name, '__typename', ['', 'nonsense', 'x'.repeat(500)]);
      expect({ type: type.name, status, answers: data?._entities?.length }).toEqual({
        type: type.name,
        status: 200,
        answers: 3,
      });
    }
  });

  test('asks its stores as often for many entities as for one', async () => {
    for (const type of types) {
      const many = [...(keys.get(type.name) ?? [])].slice(0, MANY);
      if (many.length < 2) continue;
      const leaves = Object.values(type.getFields())
        .filter((field) => field.args.length === 0 && !/[A-Z]\w*Connection/.test(String(field.type)))
        .filter((field) =>
          ['ID', 'String', 'Int', 'DateTime', 'Boolean'].some((leaf) => String(field.type).startsWith(leaf)),
        )
        .map(({ name }) => name);
      const fields = leaves.join(' ');
      const one = await find(type.name, fields, many.slice(0, 1));
      const all = await find(type.name, fields, many);
      expect({ type: type.name, roundTrips: all.roundTrips }).toEqual({
        type: type.name,
        roundTrips: one.roundTrips,
      });
    }
  });
}
