/** Gathers the body of one answer, within what one and all together may take. */

/** Of one subgraph. */
export interface Budget {
  /** Of one answer. */
  maxBytes: number;
  /** Of answers that have begun and not ended, together. */
  maxBytesAtOnce: number;
  bytesAtOnce: number;
}

export interface AnswerBody {
  /** Says why nothing more of it may come. */
  add(piece: Buffer): string | undefined;
  whole(): Buffer;
  /** Gives back what it took of the budget. */
  release(): void;
}

const NOTHING = Buffer.alloc(0);

/** `announced` bytes are believed when they cost little. */
const MOST_AT_FIRST = 1_048_576;

/**
 * The first piece is kept as it came, which is all for most answers. More are copied into one buffer that grows: a peer
 * that sends single bytes would make a list of them cost a hundred times what they are worth.
 */
export function createAnswerBody(budget: Budget, announced: number): AnswerBody {
  let buffer: Buffer = NOTHING;
  let size = 0;

  const append = (piece: Buffer): void => {
    if (size + piece.length > buffer.length) {
      const wanted = Math.max(size + piece.length, 2 * size, Math.min(announced, MOST_AT_FIRST));
      const larger = Buffer.allocUnsafe(Math.min(wanted, budget.maxBytes));
      buffer.copy(larger, 0, 0, size);
      buffer = larger;
    }
    piece.copy(buffer, size);
  };

  return {
    add: (piece) => {
      const { maxBytes, maxBytesAtOnce } = budget;
      if (size + piece.length > maxBytes) return tooLarge(maxBytes);
      if (budget.bytesAtOnce + piece.length > maxBytesAtOnce) {
        return `more than ${maxBytesAtOnce} bytes in all answers under way`;
      }
      if (size === 0) buffer = piece;
      else append(piece);
      size += piece.length;
      budget.bytesAtOnce += piece.length;
      return undefined;
    },
    whole: () => (size === buffer.length ? buffer : buffer.subarray(0, size)),
    release: () => {
      budget.bytesAtOnce -= size;
    },
  };
}

export function tooLarge(maxBytes: number): string {
  return `more than ${maxBytes} bytes`;
}
