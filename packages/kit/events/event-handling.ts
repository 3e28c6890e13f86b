/** What a reader does with each entry: applies it once, tries again, or lays it aside; and with what operators ask for. */
import { setTimeout as passes } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { isStoreAway } from '../errors/store-faults.ts';
import type { Log } from '../observe/log.ts';
import type { Lease } from '../redis/lease.ts';
import { createKeyedQueue, createSlots } from '../work/keyed-queue.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import type { LetterOrder } from './dead-letters.ts';
import { eventKeys, readerKeys } from './event-keys.ts';
import {
  type DeclaredEvents,
  decodeEvent,
  type EventTypes,
  readEvent,
  type ToldEvent,
  UnreadableEvent,
} from './events.ts';
import type { Inbox } from './inbox.ts';
import { openLetterBook } from './letter-book.ts';

export type Handlers<Types extends EventTypes, Place> = {
  [Type in keyof Types & string]?: (
    event: ToldEvent<Type, z.output<Types[Type]['data']>>,
    place: Place,
  ) => Promise<unknown>;
};

export interface Entry {
  id: string;
  text: string;
  /** Its reader may have died of it. */
  isRedelivered: boolean;
}

export interface HandlingPace {
  /** An event that failed so often is laid aside. */
  maxAttempts: number;
  /** Between the first and the second attempt; each further wait is four times as long. */
  firstWaitMs: number;
  longestWaitMs: number;
  /** So many aggregates are worked on at a time. */
  sideBySide: number;
}

export interface HandlingOptions<Types extends EventTypes, Place> {
  redis: Redis;
  from: DeclaredEvents<Types>;
  group: string;
  handlers: Handlers<Types, Place>;
  inbox: Inbox<Place>;
  log: Log;
  measured: ConsumerMetrics;
  pace: HandlingPace;
  fence: number;
  lease: Lease;
  /** Nothing is begun any more: asked before every step. What it once said, it says for good. */
  isOver(): boolean;
  /** Ends every wait. */
  signal: AbortSignal;
}

export interface Handling {
  take(entry: Entry): void;
  /** An order of an operator, as the entry of the stream that it came on. */
  obey(entry: Entry): void;
  /** Resolves when fewer than so many are at hand. */
  fewerThan(count: number): Promise<void>;
}

const AWAY_WAIT_MS = 100;
const LONGEST_AWAY_WAIT_MS = 5_000;

interface Failure {
  reason: string;
  attempts: number;
}

export async function createHandling<Types extends EventTypes, Place>(
  options: HandlingOptions<Types, Place>,
): Promise<Handling> {
  const { redis, from, group, handlers, inbox, log, measured, pace, fence, lease } = options;
  const { isOver, signal } = options;
  const { subgraph } = from;
  const { stream } = eventKeys(subgraph);
  const { attempts: counted, asked } = readerKeys(subgraph, group);
  const queue = createKeyedQueue();
  const inSlot = createSlots(pace.sideBySide);

  const letters = await openLetterBook({ redis, lease, subgraph, group, measured });

  // Cut short by a stop, which is no fault.
  const wait = (ms: number) => passes(ms, undefined, { signal }).catch(() => {});

  /** As long as Redis or the store is away, or nothing more can be laid aside, there is nothing to do but to wait. */
  const patiently = async (what: string, work: () => Promise<void>) => {
    for (let times = 1; !isOver(); times++) {
      try {
        return await work();
      } catch (error) {
        if (isOver()) return;
        if (times === 1 || times % 10 === 0) log.warn({ err: error, times }, `${what} has to wait`);
        await wait(Math.min(AWAY_WAIT_MS * 2 ** (times - 1), LONGEST_AWAY_WAIT_MS));
      }
    }
  };

  const once = (event: ToldEvent) =>
    inSlot(() =>
      inbox.once({ event, from: subgraph, fence }, async (place) => {
        const typed = readEvent<Types, keyof Types & string>(from, event);
        await handlers[event.type]!(typed as never, place);
      }),
    );

  const apply = async (entry: Entry, event: ToldEvent): Promise<Failure | undefined> => {
    const count = (by = 1) => redis.hincrby(counted, entry.id, by);
    for (let attempts = 0; ; ) {
      if (isOver()) throw new Error('the reader has stopped');
      // Counted before it begins: should the process die of it again, the next one knows.
      if (entry.isRedelivered) attempts = await count();
      if (attempts > pace.maxAttempts) {
        const reason = `its handling began ${attempts - 1} times and never ended: did it kill its process?`;
        return { reason, attempts: attempts - 1 };
      }
      try {
        measured.handled(await once(event), event);
        if (attempts > 0) await redis.hdel(counted, entry.id);
        return undefined;
      } catch (error) {
        if (isStoreAway(error)) {
          // That is no fault of the event.
          if (entry.isRedelivered) await count(-1);
          throw error;
        }
        measured.handled('failed');
        if (!entry.isRedelivered) attempts = await count();
        const reason = reasonOf(error);
        if (error instanceof UnreadableEvent || attempts >= pace.maxAttempts) return { reason, attempts };
        log.warn(
          { err: error, event: event.id, type: event.type, attempts },
          'An event failed, and is tried again',
        );
        await wait(Math.min(pace.firstWaitMs * 4 ** (attempts - 1), pace.longestWaitMs));
      }
    }
  };

  const bury = async (entry: Entry, event: ToldEvent | undefined, { reason, attempts }: Failure) => {
    const aggregateId = event?.aggregateId ?? '';
    await letters.bury({ entry: entry.id, text: entry.text, aggregateId, reason, attempts });
    measured.handled('buried');
    const fields = { event: event?.id ?? entry.id, type: event?.type, aggregateId, attempts, reason };
    log.error(fields, `An event of ${subgraph} is laid aside; see docs/runbooks/dead-letters.md`);
  };

  const acknowledge = (entry: Entry) => redis.xack(stream, group, entry.id);

  const handle = async (entry: Entry, event: ToldEvent | undefined) => {
    if (!event) return bury(entry, event, { reason: 'it cannot be read as an event', attempts: 0 });
    if (!handlers[event.type]) {
      measured.handled('ignored');
      await acknowledge(entry);
      return;
    }
    if (letters.isBlocked(event.aggregateId)) {
      const reason = `waits behind an earlier event of ${event.aggregateId}`;
      return bury(entry, event, { reason, attempts: 0 });
    }
    const failure = await apply(entry, event);
    if (failure) return bury(entry, event, failure);
    await acknowledge(entry);
  };

  /** From the oldest letter of an aggregate on, until one fails again. */
  const goThrough = async (aggregateId: string) => {
    for (const letter of await letters.ofAggregate(aggregateId)) {
      if (isOver()) throw new Error('the reader has stopped');
      try {
        if (!letter.event) throw new Error('it cannot be read as an event');
        if (handlers[letter.event.type]) measured.handled(await once(letter.event), letter.event);
      } catch (error) {
        if (isStoreAway(error)) throw error;
        await letters.noteTrial(letter, reasonOf(error));
        log.error({ err: error, event: letter.id }, 'An event that was laid aside failed again');
        return;
      }
      await letters.remove(letter);
    }
  };

  const carryOut = async ({ act, letter: id }: LetterOrder, aggregateId: string) => {
    const ofAggregate = await letters.ofAggregate(aggregateId);
    const meant = ofAggregate.find((letter) => letter.id === id);
    if (!meant) return;
    if (act === 'discard') await letters.remove(meant);
    // What waited behind another one goes on waiting for that.
    if (act === 'replay' || meant === ofAggregate[0]) await goThrough(aggregateId);
  };

  const obey = async (entry: Entry) => {
    const done = async () => {
      await redis.multi().xack(asked, group, entry.id).xdel(asked, entry.id).exec();
    };
    const order = orderIn(entry.text);
    const meant = order && (await letters.find(order.letter));
    if (!meant) return done();
    // In turn with the events of its aggregate that are on their way.
    queue.add(meant.aggregateId, () =>
      patiently('An order of an operator', async () => {
        await carryOut(order, meant.aggregateId);
        await done();
      }),
    );
  };

  return {
    take: (entry) => {
      const event = decoded(entry.text);
      queue.add(event?.aggregateId ?? entry.id, () =>
        patiently(`An event of ${subgraph}`, () => handle(entry, event)),
      );
    },
    obey: (entry) => queue.add(entry.id, () => patiently('An order of an operator', () => obey(entry))),
    fewerThan: queue.fewerThan,
  };
}

function decoded(text: string): ToldEvent | undefined {
  try {
    return decodeEvent(text);
  } catch {
    // It goes to the dead letters, where a person can look at it.
    return undefined;
  }
}

function orderIn(text: string): LetterOrder | undefined {
  try {
    return JSON.parse(text) as LetterOrder;
  } catch {
    // Nobody will ever be able to read it.
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
