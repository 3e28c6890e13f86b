/** Nobody gets in by a room's own port: it answers what the router signed, lately, and nothing else. */
import { expect, test } from '@jest/globals';
import { randomViewerKey, signViewer, VIEWER_HEADER } from '@souk/kit/auth/viewer';
import type { Room } from '@souk/kit/room/room';
import { ask, type OpenHouse } from '../open-house.ts';

const MINUTES_AGO = 5 * 60_000;

const QUERIES = {
  'a query': '{ __typename }',
  introspection: '{ __schema { types { name } } }',
  'the SDL': '{ _service { sdl } }',
  entities: '{ _entities(representations: []) { __typename } }',
};

export function promiseSeal(room: Room, house: () => OpenHouse): void {
  const viewer = { scopes: ['everything'] };
  const strangers: Record<string, () => string | undefined> = {
    'no viewer header': () => undefined,
    'a viewer header that is none': () => 'e30.AAAA',
    'one that another key signed': () => signViewer(viewer, randomViewerKey()),
    'one that is expired': () => signViewer(viewer, house().viewerKey, { now: Date.now() - MINUTES_AGO }),
  };

  test.each(Object.keys(strangers))('refuses whoever brings %s', async (who) => {
    for (const [what, query] of Object.entries(QUERIES)) {
      const { status, data, errors } = await ask(house().handlerOf(room.name), strangers[who]!(), { query });
      const code = errors[0]?.extensions.code;
      expect({ what, status, code, data }).toEqual({
        what,
        status: 401,
        code: 'UNSIGNED_REQUEST',
        data: undefined,
      });
    }
    const { running } = house().started.find((started) => started.room.name === room.name)!;
    const headers = { [VIEWER_HEADER]: strangers[who]!() };
    const subscribed = await running.subscribe({ query: 'subscription { __typename }', headers });
    expect(subscribed).toMatchObject({
      ok: false,
      errors: [{ extensions: { code: 'UNSIGNED_REQUEST' } }],
    });
  });

  test('answers a guest whom the router signed', async () => {
    const answer = await house().ask(room.name, '{ __typename }', {}, { scopes: [] });
    expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query' }, errors: [] });
  });
}
