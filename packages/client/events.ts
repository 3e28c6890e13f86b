/** What a subscription tells, and how `for await` reads it: bounded in what is held for a slow reader. */
import type { GraphQLFormattedError } from 'graphql';
import { LiveError } from './faults.ts';

export interface LiveEvent<Data> {
  data: Data | null;
  errors: readonly GraphQLFormattedError[] | undefined;
  /** Worth keeping where the page may be loaded anew: it is the `after` of the next subscription. */
  cursor: string | undefined;
}

export interface LiveSink<Data> {
  next(event: LiveEvent<Data>): void;
  /** It will not go on. A pause is no error. */
  error(error: LiveError): void;
  complete(): void;
}

export type LiveEvents<Data> = AsyncIterableIterator<LiveEvent<Data>>;

/** Held for a reader who is busy. Beyond that the server remembers them: the cursor finds them again. */
const HELD = 1_000;

export function iterate<Data>(
  subscribe: (after: string | undefined, sink: LiveSink<Data>) => () => void,
  after: string | undefined,
): LiveEvents<Data> {
  const held: LiveEvent<Data>[] = [];
  let [isOver, isPaused] = [false, false];
  let fault: LiveError | undefined;
  let wake = () => {};
  let leave = begin(after);

  function begin(from: string | undefined): () => void {
    isPaused = false;
    return subscribe(from, { next, error: end, complete: () => end() });
  }
  function next(event: LiveEvent<Data>): void {
    held.push(event);
    wake();
    if (held.length < HELD) return;
    leave();
    isPaused = true;
    if (event.cursor === undefined) end(new LiveError('SLOW_CONSUMER', 'The reader of events is too slow'));
  }
  function end(error?: LiveError): void {
    isOver = true;
    fault = error;
    wake();
  }

  async function* read(): AsyncGenerator<LiveEvent<Data>, undefined> {
    for (;;) {
      while (held.length > 0) {
        const event = held.shift()!;
        if (held.length === 0 && isPaused && !isOver) leave = begin(event.cursor);
        yield event;
      }
      if (fault) throw fault;
      if (isOver) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  const events = read();
  const finish = events.return.bind(events);
  // At once, also while somebody waits for the next event.
  events.return = (value) => {
    held.length = 0;
    leave();
    end();
    return finish(value);
  };
  return events;
}
