/** Events on their way to be frames: several are made at a time, and they leave in the order in which they came. */
import type { Live } from './live.ts';
import type { Frame } from './ring.ts';

export interface LineOptions {
  frame(live: Live, event: Buffer, cursor: string | undefined): Promise<Buffer>;
  /** Keeps a supergraph whole until the answer is called. */
  hold(live: Live): () => void;
  /** The next one comes when it has settled. */
  deliver(frame: Frame): Promise<void>;
  rendered(seconds: number): void;
  /** What was full has room again. */
  onRoom(): void;
  /** A frame could not be made or delivered for a fault of ours. */
  onFault(error: unknown): void;
}

export interface Line {
  push(event: Buffer, cursor: string | undefined, live: Live): void;
  isFull(): boolean;
  /** Told once, when all that waits now has left. */
  whenEmpty(work: () => void): void;
  /** Nothing leaves any more. */
  close(): void;
}

interface Waiting {
  event: Buffer;
  cursor: string | undefined;
  live: Live;
  arrived: number;
  release(): void;
  frame?: Promise<Frame>;
}

const AT_ONCE = 16;
/** Frames that are made and wait for an earlier one. */
const MAX_MADE = 64;
const MAX_WAITING = 1_000;
const MAX_BYTES = 16 * 1_048_576;

export function createLine(options: LineOptions): Line {
  const { deliver } = options;
  const line: Waiting[] = [];
  /** Of the line, from its front. */
  let begun = 0;
  let running = 0;
  let bytes = 0;
  let wasFull = false;
  let isDelivering = false;
  let isClosed = false;
  let last: (() => void) | undefined;

  const begin = (): void => {
    while (!isClosed && running < AT_ONCE && begun < Math.min(line.length, MAX_MADE)) {
      const waiting = line[begun++]!;
      running++;
      waiting.frame = make(waiting);
      // Whoever delivers it hears of it.
      waiting.frame.catch(() => {});
    }
  };

  const make = async ({ event, cursor, live, arrived, release }: Waiting): Promise<Frame> => {
    const started = performance.now();
    try {
      const payload = await options.frame(live, event, cursor);
      options.rendered((performance.now() - started) / 1000);
      return { payload, cursor, arrived };
    } finally {
      running--;
      release();
      begin();
    }
  };

  const deliverAll = async (): Promise<void> => {
    isDelivering = true;
    for (let first = line[0]; first && !isClosed; first = line[0]) {
      const frame = await first.frame!;
      if (isClosed) break;
      line.shift();
      begun--;
      bytes -= first.event.length;
      begin();
      await deliver(frame);
      if (wasFull && !isClosed && line.length <= MAX_WAITING / 10) {
        wasFull = false;
        options.onRoom();
      }
    }
    isDelivering = false;
    if (!isClosed) last?.();
  };

  return {
    push: (event, cursor, live) => {
      line.push({ event, cursor, live, arrived: performance.now(), release: options.hold(live) });
      bytes += event.length;
      wasFull ||= isFull();
      begin();
      if (!isDelivering) deliverAll().catch(options.onFault);
    },
    isFull,
    whenEmpty: (work) => {
      last = work;
      if (!isDelivering) work();
    },
    close: () => {
      isClosed = true;
      for (const { frame, release } of line) if (!frame) release();
      line.length = 0;
    },
  };

  function isFull(): boolean {
    return line.length >= MAX_WAITING || bytes >= MAX_BYTES;
  }
}
