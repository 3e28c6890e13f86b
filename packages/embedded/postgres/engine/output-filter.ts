/**
 * Goes over what Postgres sends and makes it one connection's own: setting reports and notifications are taken out and
 * told to those they are for, injected messages leave no trace, statement names look as the client gave them.
 */
import type { Notification, TransactionState } from '../channel.ts';
import { frame, HEAD, int32, parameterStatus } from '../wire/messages.ts';
import type { Session } from './session.ts';
import { withoutPrefix } from './statement-names.ts';

/** ParameterStatus values as the engine last reported them. */
export interface Reports {
  values: Map<string, string>;
  version: number;
}

export interface OutputFilter {
  /** A Parse or Close was just put before the client's own messages: its answer, should it come, is not the client's. */
  injected(answer: 'parse-complete' | 'close-complete'): void;
  /** Takes Postgres' bytes in any cut, gives what is for the client. */
  pass(bytes: Buffer): Buffer;
  /** After an error Postgres overlooks all messages until the Sync. */
  isSkipping(): boolean;
  /** Postgres reads COPY data, and would not survive anything else. */
  isCopyingIn(): boolean;
  /** From the last message: ReadyForQuery tells, anything else means that a Sync is still to come. */
  state(): TransactionState;
  notifications: Notification[];
}

const NOTHING: Buffer = Buffer.alloc(0);

const TYPE = {
  row: 0x44, // D
  copyData: 0x64, // d
  parseComplete: 0x31, // 1
  closeComplete: 0x33, // 3
  parameterStatus: 0x53, // S
  notification: 0x41, // A
  error: 0x45, // E
  notice: 0x4e, // N
  ready: 0x5a, // Z
  copyIn: 0x47, // G
} as const;

/** Nearly all bytes are rows or COPY data: they pass as they are, even when they come in pieces. */
const isBulk = (type: number): boolean => type === TYPE.row || type === TYPE.copyData;

/** These may come at any time, also behind ReadyForQuery. */
const isAside = (type: number): boolean =>
  type === TYPE.notification || type === TYPE.parameterStatus || type === TYPE.notice;

function stateIn(readyForQuery: Buffer): TransactionState {
  const status = String.fromCharCode(readyForQuery[HEAD] as number);
  return status === 'T' ? 'transaction' : status === 'E' ? 'failed' : 'idle';
}

export function outputFilter(session: Session, reports: Reports): OutputFilter {
  /** The beginning of a message whose end has not come yet. */
  let carry = NOTHING;
  /** So much of a row is still to come; its head has passed already. */
  let bulkLeft = 0;
  let state: TransactionState = 'unfinished';
  /** The type of the answer to an injected message. */
  let skipped: number | undefined;
  let copyingIn = false;
  let skipping = false;
  const notifications: Notification[] = [];

  const pass = (bytes: Buffer): Buffer => {
    const parts: Buffer[] = [];
    let rest = bytes;
    if (carry.length) {
      rest = Buffer.concat([carry, bytes]);
      carry = NOTHING;
    }
    let at = Math.min(bulkLeft, rest.length);
    bulkLeft -= at;
    /** Where the run of bytes that pass unchanged begins. */
    let kept = 0;
    while (at + HEAD <= rest.length) {
      const type = rest[at] as number;
      const end = at + 1 + rest.readInt32BE(at + 1);
      const whole = end <= rest.length;
      if (!whole && !isBulk(type)) break;
      if (isBulk(type)) {
        state = 'unfinished';
        bulkLeft = whole ? 0 : end - rest.length;
      } else {
        const message = rest.subarray(at, end);
        const replaced = control(type, message);
        copyingIn = type === TYPE.copyIn || (copyingIn && type === TYPE.notice);
        if (type === TYPE.ready) state = stateIn(message);
        else if (!isAside(type)) state = 'unfinished';
        if (replaced) {
          parts.push(rest.subarray(kept, at), replaced);
          kept = end;
        }
      }
      at = Math.min(end, rest.length);
    }
    parts.push(rest.subarray(kept, at));
    // The caller's buffer is used again for the bytes to come.
    if (at < rest.length) carry = Buffer.from(rest.subarray(at));
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  };

  /** What is sent instead of a message, if not the message itself. */
  const control = (type: number, message: Buffer): Buffer | undefined => {
    switch (type) {
      case TYPE.parseComplete:
      case TYPE.closeComplete:
        if (skipped !== type) return undefined;
        skipped = undefined;
        return NOTHING;
      case TYPE.parameterStatus: {
        const [name = '', value = ''] = message.toString('utf8', HEAD, message.length - 1).split('\0');
        reports.values.set(name, value);
        reports.version += 1;
        return NOTHING;
      }
      case TYPE.notification:
        return notified(message);
      case TYPE.error:
        skipped = undefined;
        skipping = true;
        return message.includes(session.names.prefix) ? withOwnNames(session, message) : undefined;
      case TYPE.ready: {
        skipped = undefined;
        skipping = false;
        const changes = unreported(session, reports);
        return changes.length ? Buffer.concat([...changes, message]) : undefined;
      }
      default:
        return undefined;
    }
  };

  const notified = (message: Buffer): Buffer => {
    // The engine names itself as the sender; the connection that sent it is meant.
    const own = Buffer.from(message);
    int32(session.id).copy(own, HEAD);
    const channel = own.toString('utf8', HEAD + 4, own.indexOf(0, HEAD + 4));
    notifications.push({ channel, message: own });
    return session.channels.has(channel) ? own : NOTHING;
  };

  return {
    injected(answer) {
      skipped = answer === 'parse-complete' ? TYPE.parseComplete : TYPE.closeComplete;
    },
    pass,
    isSkipping: () => skipping,
    isCopyingIn: () => copyingIn,
    state: () => state,
    notifications,
  };
}

function withOwnNames(session: Session, message: Buffer): Buffer {
  return frame('E', Buffer.from(withoutPrefix(session.names, message.toString('latin1', HEAD)), 'latin1'));
}

/** ParameterStatus for each setting that is not as this client was last told. */
export function unreported(session: Session, reports: Reports): Buffer[] {
  if (session.reportedVersion === reports.version) return [];
  session.reportedVersion = reports.version;
  const changes: Buffer[] = [];
  for (const [name, value] of reports.values) {
    if (session.reported.get(name) === value) continue;
    session.reported.set(name, value);
    changes.push(parameterStatus(name, value));
  }
  return changes;
}
