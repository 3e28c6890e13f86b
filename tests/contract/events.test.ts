/** What rooms tell one another. */
import { describe, expect, test } from '@jest/globals';
import { eventsMarkdown } from '@souk/kit/room/events-markdown';
import { rooms } from '../../subgraphs/registry.ts';
import { fileText } from './files.ts';

describe('Events', () => {
  test('are what docs/events.md says; npm run generate:events writes it', () => {
    expect(fileText('docs/events.md')).toBe(eventsMarkdown(rooms));
  });

  test.each(rooms.map((room) => [room.name, room] as const))(
    '%s tells under its own name',
    (name, { tells }) => {
      expect(tells?.subgraph).toBe(name);
    },
  );

  test('are listened to only where somebody tells them', () => {
    const told = new Set(rooms.flatMap(({ tells }) => Object.keys(tells?.types ?? {})));
    for (const { hears = [] } of rooms) expect(hears.filter((type) => !told.has(type))).toEqual([]);
  });
});
