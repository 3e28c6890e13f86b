/** The messages of one connection that the engine has not taken yet, in units that the client gets one answer for. */
import { QUEUE_HIGH } from '../limits.ts';

export interface StatementQueue {
  readonly bytes: number;
  push(message: Buffer): void;
  hasJob(): boolean;
  /** Whole units, all or one, or the beginning of one if the client waits for an answer to that. */
  takeJob(units: 'all' | 'one'): Buffer[];
  /** Of messages that were taken: all, or those at the end that make up so many bytes. */
  giveBack(taken: readonly Buffer[], bytes?: number): void;
  /** What a running COPY reads, up to the end of its data. */
  takeCopyInput(): Buffer[];
  /** Lets a unit begin that has grown too big to wait for its end. */
  requestFlush(): void;
  /** Drops the first unit. False: its end has not come yet; all until then will be dropped, too. */
  dropUnit(): boolean;
}

const code = (character: string) => character.charCodeAt(0);
/** Query, Sync and FunctionCall end in a ReadyForQuery. */
const ENDS_UNIT = new Set(['Q', 'S', 'F'].map(code));
const COPY = new Set(['d', 'c', 'f'].map(code));
/** Inside a COPY a Flush or Sync changes nothing; a client may send them without knowing that it is in one. */
const GOES_ON_COPYING = new Set(['d', 'H', 'S'].map(code));
const FLUSH = code('H');
const SYNC = code('S');

const typeOf = (message: Buffer) => message[0] as number;
const endsUnit = (message: Buffer) => ENDS_UNIT.has(typeOf(message));
const isCopy = (message: Buffer) => COPY.has(typeOf(message));

export function statementQueue(onDropped: () => void): StatementQueue {
  let messages: Buffer[] = [];
  let bytes = 0;
  let ends = 0;
  let flushes = 0;
  /** Not by the client, but because nothing more is read from it. */
  let flushRequested = false;
  /** The rest of a dropped unit is still to come. */
  let dropping = false;

  const count = (message: Buffer, sign: 1 | -1) => {
    bytes += sign * message.length;
    if (endsUnit(message)) ends += sign;
    if (typeOf(message) === FLUSH) flushes += sign;
  };

  const take = (end: number): Buffer[] => {
    const taken = messages.slice(0, end);
    messages = messages.slice(end);
    for (const message of taken) count(message, -1);
    return taken;
  };

  /** A job ends behind a unit, unless there is none whole. COPY data waits until a COPY asks for it. */
  const jobEnd = (units: 'all' | 'one'): number => {
    let end = 0;
    let size = 0;
    let i = 0;
    for (; i < messages.length; i++) {
      const message = messages[i] as Buffer;
      if (isCopy(message)) break;
      size += message.length;
      if (endsUnit(message)) end = i + 1;
      if (end > 0 && (units === 'one' || size > QUEUE_HIGH)) break;
    }
    return end || i;
  };

  return {
    get bytes() {
      return bytes;
    },
    push(message) {
      if (dropping) {
        if (typeOf(message) !== SYNC) return;
        dropping = false;
        onDropped();
        return;
      }
      messages.push(message);
      count(message, 1);
    },
    hasJob: () => ends > 0 || flushes > 0 || (flushRequested && messages.length > 0),
    takeJob(units) {
      // COPY data without a COPY is left from one that failed; the real server overlooks it, too.
      const start = messages.findIndex((message) => !isCopy(message));
      take(start < 0 ? messages.length : start);
      const taken = take(jobEnd(units));
      if (messages.length === 0) flushRequested = false;
      return taken;
    },
    giveBack(taken, bytes = Number.POSITIVE_INFINITY) {
      let start = taken.length;
      for (let left = bytes; left > 0 && start > 0; left -= (taken[start] as Buffer).length) start -= 1;
      const returned = taken.slice(start);
      messages = [...returned, ...messages];
      for (const message of returned) count(message, 1);
      // A unit that had begun is to go on, whether its end has come or not.
      if (returned.length && !returned.some(endsUnit)) flushRequested = true;
    },
    takeCopyInput() {
      const end = messages.findIndex((message) => !GOES_ON_COPYING.has(typeOf(message)));
      // What is neither data nor its end goes along: the engine's side ends the connection for it.
      return take(end < 0 ? messages.length : end + 1);
    },
    requestFlush() {
      flushRequested = true;
    },
    dropUnit() {
      const end = messages.findIndex(endsUnit) + 1;
      take(end || messages.length);
      dropping = end === 0;
      return !dropping;
    },
  };
}
