/** Between what a room hears live and what a subscription tells: each event is told as its reader sees it, or passed over. */
import { setTimeout as passes } from 'node:timers/promises';
import { isStoreAway } from '../errors/store-faults.ts';

const TRY_AGAIN_MS = 200;

/**
 * Nothing is told of an event for which `tell` answers nothing. Where its store is away, the event waits until that is
 * back, and those behind it wait too; whatever else it throws ends the events.
 */
export function tellEach<Event, Told>(
  events: AsyncIterableIterator<Event>,
  tell: (event: Event) => Promise<Told | undefined>,
): AsyncIterableIterator<Told> {
  let hasEnded = false;
  // No generator: its return() would wait for the next event, and would never begin to end one that nobody has asked yet.
  const end = async (): Promise<IteratorResult<Told>> => {
    hasEnded = true;
    await events.return?.();
    return { done: true, value: undefined };
  };

  const tellPatiently = async (event: Event): Promise<Told | undefined> => {
    while (!hasEnded) {
      try {
        return await tell(event);
      } catch (error) {
        if (!isStoreAway(error)) throw error;
        // How many events may wait is bounded by whoever hands them out.
        await passes(TRY_AGAIN_MS, undefined, { ref: false });
      }
    }
    return undefined;
  };

  return {
    next: async () => {
      try {
        for (;;) {
          const { done, value } = await events.next();
          if (done) return { done: true, value: undefined };
          const told = await tellPatiently(value);
          if (told !== undefined) return { done: false, value: told };
        }
      } catch (error) {
        // Whoever follows no longer must not be kept in mind.
        await end();
        throw error;
      }
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
