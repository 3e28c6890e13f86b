/** The last frames of a flow, for who comes back soon. Bounded by number, by bytes, and by bytes of all flows together. */

export interface Frame {
  payload: Buffer;
  cursor: string | undefined;
  /** When its event came, by the clock of `performance`. */
  arrived: number;
}

export interface RingMemory {
  bytes: number;
}

export interface Ring {
  push(frame: Frame): void;
  /** Whether every frame since the cursor is here. */
  holds(cursor: string): boolean;
  since(cursor: string): readonly Frame[];
  clear(): void;
}

const MAX_FRAMES = 256;
const MAX_BYTES = 512 * 1024;
const MAX_BYTES_OF_ALL = 64 * 1_048_576;

/** `start` is the cursor that the flow began after. */
export function createRing(start: string | undefined, memory: RingMemory): Ring {
  const frames: Frame[] = [];
  /** Number of the frame that has the cursor, by the count of all that ever were. */
  const places = new Map<string, number>();
  let base = start;
  let dropped = 0;
  let bytes = 0;

  const drop = (): void => {
    const frame = frames.shift()!;
    const size = frame.payload.length;
    bytes -= size;
    memory.bytes -= size;
    if (frame.cursor !== undefined) {
      base = frame.cursor;
      if (places.get(frame.cursor) === dropped) places.delete(frame.cursor);
    }
    dropped++;
  };

  return {
    push: (frame) => {
      if (frame.cursor !== undefined) places.set(frame.cursor, dropped + frames.length);
      frames.push(frame);
      bytes += frame.payload.length;
      memory.bytes += frame.payload.length;
      while (frames.length > MAX_FRAMES || bytes > MAX_BYTES || memory.bytes > MAX_BYTES_OF_ALL) {
        if (frames.length <= 1) break;
        drop();
      }
    },
    holds: (cursor) => cursor === base || places.has(cursor),
    since: (cursor) => {
      const place = places.get(cursor);
      return place === undefined ? frames.slice() : frames.slice(place - dropped + 1);
    },
    clear: () => {
      while (frames.length > 0) drop();
    },
  };
}
