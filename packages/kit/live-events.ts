/**
 * The events of a domain as they happen, for subscriptions of its own: by topic, from now on or from any cursor that the
 * stream still keeps, in order, none left out, none twice.
 */
import type { z } from 'zod';
import type { DeclaredEvents, EventTypes, ToldEvent } from './events.ts';

/** An event as its reader knows it, told apart by `type`. */
export type ReadEvent<Types extends EventTypes, Type extends keyof Types & string = keyof Types & string> = {
  [Each in Type]: ToldEvent<Each, z.output<Types[Each]['data']>>;
}[Type];

export interface LiveEvent<Event = ToldEvent> {
  /** Given back as `after`, it brings everything behind it. */
  cursor: string;
  event: Event;
}

export interface FollowOptions<Type extends string = string> {
  /** Ids of aggregates, or what the types of events declare as their topics. */
  topics: readonly string[];
  /** All types when not given. */
  types?: readonly Type[];
  /** From now on when there is none. */
  after?: string | null | undefined;
}

export interface LiveEvents<Types extends EventTypes = EventTypes> {
  /**
   * What happens once this has answered is among them, so await it before anything is promised. It fails with
   * RESUME_EXPIRED when something behind `after` is not kept any more, with BAD_USER_INPUT when that is no cursor. A
   * follower that lets too much wait is ended with SLOW_CONSUMER, after what it had. `return()` ends it at once.
   */
  follow<Type extends keyof Types & string>(
    options: FollowOptions<Type>,
  ): Promise<AsyncIterableIterator<LiveEvent<ReadEvent<Types, Type>>>>;
  stop(): Promise<void>;
}

export type LiveEventsOf<Declared extends DeclaredEvents> = LiveEvents<Declared['types']>;
