/** Between what a room hears live and what a subscription tells: each event is told as its reader sees it, or passed over. */

/** Nothing is told of an event for which `tell` answers nothing. What it throws ends the events. */
export function tellEach<Event, Told>(
  events: AsyncIterableIterator<Event>,
  tell: (event: Event) => Promise<Told | undefined>,
): AsyncIterableIterator<Told> {
  // No generator: its return() would wait for the next event, and would never begin to end one that nobody has asked yet.
  const end = async (): Promise<IteratorResult<Told>> => {
    await events.return?.();
    return { done: true, value: undefined };
  };
  return {
    next: async () => {
      try {
        for (;;) {
          const { done, value } = await events.next();
          if (done) return { done: true, value: undefined };
          const told = await tell(value);
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
