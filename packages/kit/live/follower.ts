/**
 * One who follows some topics. Messages are handed to it as they come; whenever it cannot know that they are all, it reads
 * on from the stream, and takes to messages again when it has caught up. So nothing is left out, doubled or out of turn.
 */
import { setTimeout as passes } from 'node:timers/promises';
import { soukError } from '../errors/errors.ts';
import { isStoreAway } from '../errors/store-faults.ts';
import { BEFORE_ALL, isBefore, laterOf } from '../events/stream-ids.ts';

/** What both ways bring. */
export interface Arrival<Event> {
  cursor: string;
  /** Nothing when it cannot be read: then only its cursor counts. */
  event: Event | undefined;
}

export interface FollowerOptions<Event> {
  /** What of its topics lies behind `from`, read after this call; `end` is as far as it looked. */
  read(from: string): Promise<{ arrivals: readonly Arrival<Event>[]; end: string; isLast: boolean }>;
  wants(event: Event): boolean;
  maxWaiting: number;
  /** Called once, with why when it did not leave by itself. */
  left(error?: unknown): void;
}

export interface Follower<Event> {
  /** A message came, behind all that came before. */
  take(arrival: Arrival<Event>): void;
  /** From here on messages may be missed; all up to `position` have come. */
  cut(position: string): void;
  /** Messages come again. */
  mend(): void;
  /** To be called before the first `next()`. Everything behind `now` has been taken already; `after` is read from the stream. */
  begin(start: { now: string } | { after: string }): void;
  leave(error?: unknown): void;
  events: AsyncIterableIterator<{ cursor: string; event: Event }>;
}

/**
 * `live`: what waits is all there is behind the last one. `reading`: what waits came since a page was asked for.
 * `behind`: a page has to be read first, and what comes before that is left alone.
 */
type Phase = 'live' | 'reading' | 'behind';

const READ_AGAIN_MS = 200;

export function createFollower<Event>(options: FollowerOptions<Event>): Follower<Event> {
  const { read, wants, maxWaiting } = options;
  let isCut = false;
  let phase: Phase = 'live';
  let waiting: Arrival<Event>[] = [];
  /** Given out, or known to be of no concern. */
  let last = BEFORE_ALL;
  /** Everything up to here has been taken, or given out. */
  let skipTo = BEFORE_ALL;
  let isTooSlow = false;
  let hasLeft = false;
  let rouse = () => {};

  const is = (wanted: Phase) => phase === wanted;
  const rest = () =>
    new Promise<void>((resolve) => {
      rouse = resolve;
    });
  const fallBehind = () => {
    phase = 'behind';
    waiting = [];
  };
  const leave = (error?: unknown) => {
    if (hasLeft) return;
    hasLeft = true;
    waiting = [];
    options.left(error);
    rouse();
  };

  const readOn = async () => {
    phase = 'reading';
    try {
      return await read(laterOf(last, skipTo));
    } catch (error) {
      if (!isStoreAway(error)) throw error;
      // It goes on from where it was when Redis is back.
      fallBehind();
      await passes(READ_AGAIN_MS, undefined, { ref: false });
      return undefined;
    }
  };

  async function* all() {
    while (!hasLeft) {
      const next = waiting.shift();
      if (next) {
        // It was in the page already, or has come under two topics.
        if (!isBefore(last, next.cursor)) continue;
        last = next.cursor;
        if (next.event !== undefined && wants(next.event)) yield { cursor: last, event: next.event };
      } else if (isTooSlow) {
        throw soukError('SLOW_CONSUMER', `More than ${maxWaiting} events were waiting to be taken`, {
          extensions: { cursor: last },
        });
      } else if (is('behind') && !isCut) {
        const page = await readOn();
        for (const { cursor, event } of page?.arrivals ?? []) {
          if (hasLeft) return;
          if (event === undefined || !wants(event)) continue;
          last = cursor;
          yield { cursor, event };
        }
        if (!page) continue;
        last = laterOf(last, page.end);
        if (is('reading') && page.isLast) phase = 'live';
        else fallBehind();
      } else await rest();
    }
  }

  return {
    take: (arrival) => {
      if (phase === 'behind' || isTooSlow || hasLeft) return;
      if (waiting.length < maxWaiting) waiting.push(arrival);
      // While it reads, the stream has them too.
      else if (phase === 'reading') fallBehind();
      else isTooSlow = true;
      rouse();
    },
    cut: (position) => {
      isCut = true;
      if (phase === 'reading') fallBehind();
      if (phase !== 'live') return;
      // What waits is in order and goes out first.
      phase = 'behind';
      skipTo = position;
    },
    mend: () => {
      isCut = false;
      rouse();
    },
    begin: (start) => {
      last = 'now' in start ? start.now : start.after;
      skipTo = BEFORE_ALL;
      if ('now' in start) return;
      fallBehind();
      isTooSlow = false;
    },
    leave,
    events: endingAtOnce(all(), leave),
  };
}

/** `return()` is not left to the generator, which would first wait for its next event. */
function endingAtOnce<Value>(
  values: AsyncGenerator<Value>,
  leave: (error?: unknown) => void,
): AsyncIterableIterator<Value> {
  const ended: AsyncIterableIterator<Value> = {
    next: async () => {
      try {
        const result = await values.next();
        if (result.done) leave();
        return result;
      } catch (error) {
        leave(error);
        throw error;
      }
    },
    return: async () => {
      leave();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return ended;
    },
  };
  return ended;
}
