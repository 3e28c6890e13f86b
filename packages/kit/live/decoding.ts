/** Turns what the relay wrote, into the stream or a message, into events as a follower knows them. */
import { topicsOf } from '../events/event-topics.ts';
import {
  type DeclaredEvents,
  decodeEvent,
  type EventTypes,
  type ReadEvent,
  readEvent,
} from '../events/events.ts';
import type { StreamEntry } from '../events/stream-reading.ts';
import type { Log } from '../observe/log.ts';
import type { Arrival } from './follower.ts';

export function createDecoding<Types extends EventTypes>(declared: DeclaredEvents<Types>, log: Log) {
  type Event = ReadEvent<Types>;
  /** A page is shared by all who asked for it. */
  const known = new WeakMap<StreamEntry, Arrival<Event>>();

  const decode = (cursor: string, text: string): Arrival<Event> => {
    try {
      return { cursor, event: readEvent(declared, decodeEvent(text)) as Event };
    } catch (err) {
      // Told by a newer version of this room, or by something else: followers go on with the next one.
      log.error({ err, cursor }, `An event of ${declared.subgraph} cannot be read; nobody is handed it`);
      return { cursor, event: undefined };
    }
  };

  const arrivalOf = (entry: StreamEntry): Arrival<Event> => {
    const arrival = known.get(entry) ?? decode(entry[0], textOf(entry));
    known.set(entry, arrival);
    return arrival;
  };

  return {
    decode,
    arrivalOf,
    /** By its topics alone: of a page, few events are decoded. */
    isOf: (entry: StreamEntry, topics: ReadonlySet<string>): boolean => {
      const [, , , names] = entry[1];
      if (names !== undefined) return (JSON.parse(names) as string[]).some((name) => topics.has(name));
      // Told before there were topics.
      const { event } = arrivalOf(entry);
      return event !== undefined && topicsOf(declared, event).some((name) => topics.has(name));
    },
  };
}

function textOf([, fields]: StreamEntry): string {
  return fields[1] ?? '';
}
