/**
 * What a domain tells others. Each type is declared once, in the room that tells it: its version, when it is told, and
 * the shape of its data. Readers import the declaration, and read every older version too.
 */
import { z } from 'zod';
import { type IdMaker, timeOfId } from '../values/ids.ts';

export type JsonObject = Record<string, unknown>;

export interface EventType<Data extends z.ZodObject = z.ZodObject> {
  /** Raised when `data` changes so that an older reader would go wrong. A field that is added is no such change. */
  version: number;
  /** Goes on from "told when": `a product appears in the shop`. */
  when: string;
  /** Ids and figures, never names or words of people: an event outlives an erasure in streams and logs. */
  data: Data;
  /** Under which keys it is followed live, beside the id of its aggregate: those of `data` as they were written. */
  topics?(data: z.output<Data>): readonly string[];
  /** From an older version to the next one: `1` makes version 2 out of version 1. */
  upcasts?: Record<number, (data: JsonObject) => JsonObject>;
}

export type EventTypes = Record<string, EventType>;

export interface DeclaredEvents<Types extends EventTypes = EventTypes> {
  subgraph: string;
  types: Types;
}

/** An event as a rule writes it down. */
export type EventOf<Declared extends DeclaredEvents> = {
  [Type in keyof Declared['types'] & string]: { type: Type; data: z.output<Declared['types'][Type]['data']> };
}[keyof Declared['types'] & string];

/** With what every event has. */
export interface ToldEvent<Type extends string = string, Data = JsonObject> {
  id: string;
  type: Type;
  version: number;
  /** What it happened to. Events of one aggregate are told in order. */
  aggregateId: string;
  occurredAt: Date;
  /** The request that caused it; nothing when a clock did. */
  requestId?: string;
  data: Data;
}

/** An event as its reader knows it, told apart by `type`. */
export type ReadEvent<Types extends EventTypes, Type extends keyof Types & string = keyof Types & string> = {
  [Each in Type]: ToldEvent<Each, z.output<Types[Each]['data']>>;
}[Type];

/** A time within `data`: a Date for whoever writes or reads it, text on the way. */
export const instant = z.union([z.date(), z.iso.datetime().transform((text) => new Date(text))]);

/** Checks what types cannot: names, and that no version is without its way up. */
export function declareEvents<Types extends EventTypes>(
  subgraph: string,
  types: Types,
): DeclaredEvents<Types> {
  for (const [name, { version, upcasts = {} }] of Object.entries(types)) {
    if (!name.startsWith(`${subgraph}.`))
      throw new Error(`event ${name} must be named ${subgraph}.<what>.<happened>`);
    for (let older = 1; older < version; older++) {
      if (!upcasts[older])
        throw new Error(`event ${name} is at version ${version} and has no upcast from ${older}`);
    }
  }
  return { subgraph, types };
}

/** Gives an event its id, version and time. */
export function stampEvent<Event extends { type: string; data: unknown }>(
  { types }: DeclaredEvents,
  newId: IdMaker,
  event: Event,
  requestId?: string,
): Event & { id: string; version: number; occurredAt: Date; requestId?: string } {
  const id = newId('evt');
  return {
    ...event,
    id,
    version: types[event.type]!.version,
    occurredAt: new Date(timeOfId(id)),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

const envelope = z.object({
  id: z.string(),
  type: z.string(),
  version: z.number().int().positive(),
  aggregateId: z.string(),
  occurredAt: instant,
  requestId: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});

export function encodeEvent(event: ToldEvent): string {
  return JSON.stringify(event);
}

/** Throws when it is none; `data` is not looked at. */
export function decodeEvent(text: string): ToldEvent {
  const { requestId, ...event } = envelope.parse(JSON.parse(text));
  return { ...event, ...(requestId === undefined ? {} : { requestId }) };
}

/** To try again is no use. */
export class UnreadableEvent extends Error {
  override name = 'UnreadableEvent';
}

/** An event as its reader knows it, whatever version it was written in. Throws an UnreadableEvent. */
export function readEvent<Types extends EventTypes, Type extends keyof Types & string>(
  { types }: DeclaredEvents<Types>,
  event: ToldEvent,
): ToldEvent<Type, z.output<Types[Type]['data']>> {
  const declared = types[event.type];
  if (!declared) throw new UnreadableEvent(`${event.type} is no event that is declared`);
  if (event.version > declared.version) {
    throw new UnreadableEvent(
      `it was written as version ${event.version} and this process reads up to ${declared.version}; update it, then replay`,
    );
  }
  let { data } = event;
  for (let { version } = event; version < declared.version; version++)
    data = declared.upcasts![version]!(data);
  const parsed = declared.data.safeParse(data);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new UnreadableEvent(`its data does not fit: ${faults.join('; ')}`);
  }
  return { ...event, type: event.type as Type, version: declared.version, data: parsed.data as never };
}
