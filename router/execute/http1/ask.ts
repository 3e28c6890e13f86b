/** One request on its way over HTTP/1.1: from the line of those that wait to its one outcome. */
import type { TransportOutcome } from '../transport.ts';

export interface Ask {
  /** Ends with its empty line; each character is a byte. */
  head: string;
  body: Buffer;
  /** Whether it may be sent again when nobody knows what became of it. */
  mayRepeat: boolean;
  /** It lost its connection through no fault of its own. It travels alone from then on, and is not lost twice that way. */
  isResent: boolean;
  /** What comes after the first is not heard. */
  settle(outcome: TransportOutcome): void;
}
