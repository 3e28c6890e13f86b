/** One client, from its first byte to its last: start-up, statements in, answers out, and its end. */
import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import type { JobResult, Notification, SessionTimeouts, Setting } from './channel.ts';
import type { Greetings } from './greetings.ts';
import { MAX_UNFINISHED_INPUT, QUEUE_HIGH, STARTUP_WITHIN } from './limits.ts';
import { outletTo } from './outlet.ts';
import type { Client, Scheduler, Task } from './scheduler.ts';
import { type CancelReason, cancelError, withCancelReason } from './wire/cancel-words.ts';
import { createInput, nextMessage, ProtocolViolation } from './wire/input.ts';
import { type Login, OWNER, readStartup } from './wire/login.ts';
import {
  authenticationOk,
  backendKeyData,
  copyFail,
  type ErrorFields,
  errorMessage,
  joinExactly,
  parameterStatus,
  readyForQuery,
} from './wire/messages.ts';
import { readOpenResult } from './wire/open-result.ts';
import { statementQueue } from './wire/statement-queue.ts';

/** What connections share. */
export interface ConnectionHost {
  scheduler: Scheduler;
  greetings(): Greetings;
  /** Why nobody can come in at the moment. */
  refusal(): ErrorFields | undefined;
  /** Half-received messages of all connections, in bytes. */
  unfinished: { bytes: number };
  cancel(pid: number, secret: number): void;
  listen(connection: Connection, channels: readonly string[]): void;
  notify(from: Connection, notifications: readonly Notification[]): void;
  onClosed(connection: Connection): void;
}

export interface Connection extends Client {
  readonly secret: number;
  notify(message: Uint8Array): void;
  /** Tells the client why, and closes. */
  end(error: ErrorFields): void;
  /** As end(), once its running statement is answered. */
  endWhenIdle(error: ErrorFields): void;
  /** As end(), when the engine is gone with its session. */
  endWithEngine(error: ErrorFields): void;
}

const TERMINATE = 'X'.charCodeAt(0);
/** A client that comes in as another role than the owner does so by this setting. */
const ROLE_SETTING = 'session_authorization';
const NO_TIMEOUTS: SessionTimeouts = { statement: 0, lock: 0, idleInTransaction: 0 };
const MAX_SECRET = 2 ** 31;
/** A listener that does not read is cut off when this much waits for it, in bytes. */
const MAX_UNREAD_NOTIFICATIONS = 16 * 1024 * 1024;

export function createConnection(socket: Socket, id: number, host: ConnectionHost): Connection {
  const { scheduler } = host;
  const secret = randomInt(MAX_SECRET);
  const input = createInput();
  const outlet = outletTo(socket);
  const queue = statementQueue(() => outlet.write(readyForQuery('I')));
  let phase: 'startup' | 'opening' | 'ready' | 'ended' = 'startup';
  /** Its counterpart in the engine. */
  let session: 'none' | 'open' | 'closed' = 'none';
  let login: Login = { user: OWNER, settings: [] };
  /** The settings that the client was greeted with. */
  let told: readonly Setting[] = [];
  let timeouts = NO_TIMEOUTS;
  let running: { kind: Task['kind']; messages: Buffer[] } | undefined;
  let landed: Task['kind'] = 'messages';
  /** The running statement's result is on its way in parts. */
  let sendsParts = false;
  /** The client said good-bye; what it asked for before is still done. */
  let terminated = false;
  /** Why it is to go as soon as nothing runs. */
  let farewell: ErrorFields | undefined;
  let unfinished = 0;

  const startupTimer = setTimeout(() => socket.destroy(), STARTUP_WITHIN);

  const onData = (chunk: Buffer) => {
    if (phase === 'ended' || terminated) return;
    try {
      input.push(chunk);
      if (phase === 'startup') start();
      if (phase === 'opening' || phase === 'ready') readMessages();
      countUnfinished();
    } catch (error) {
      // Whatever the client sent, only its own connection ends.
      if (!(error instanceof ProtocolViolation)) throw error;
      end({ severity: 'FATAL', code: error.code, message: error.message });
    }
  };

  const start = () => {
    const outcome = readStartup(input, outlet.write);
    if (!outcome) return;
    clearTimeout(startupTimer);
    if (outcome.kind === 'cancel') host.cancel(outcome.pid, outcome.secret);
    if (outcome.kind === 'refused') return end(outcome.error);
    if (outcome.kind !== 'login') return end();
    const refusal = host.refusal();
    if (refusal) return end(refusal);
    const { user, settings } = outcome.login;
    const isOwner = user === OWNER;
    login = { user, settings: isOwner ? settings : [...settings, [ROLE_SETTING, user]] };
    phase = 'opening';
    const known = isOwner ? host.greetings().find(settings) : undefined;
    if (known) greet(known);
  };

  const greet = (settings: readonly Setting[]) => {
    told = settings;
    phase = 'ready';
    const status = settings.map(([name, value]) => parameterStatus(name, value));
    outlet.write(
      Buffer.concat([authenticationOk(), ...status, backendKeyData(id, secret), readyForQuery('I')]),
    );
  };

  const readMessages = () => {
    for (let message = nextMessage(input); message; message = nextMessage(input)) {
      if (message[0] === TERMINATE) {
        terminated = true;
        break;
      }
      queue.push(message);
    }
    if (queue.bytes > QUEUE_HIGH) {
      socket.pause();
      // Its unit's end could never come: nothing more is read.
      if (!queue.hasJob()) queue.requestFlush();
    }
    scheduler.wake(connection);
    leaveIfDone();
  };

  const countUnfinished = () => {
    host.unfinished.bytes += input.length - unfinished;
    unfinished = input.length;
    if (host.unfinished.bytes > MAX_UNFINISHED_INPUT)
      throw new ProtocolViolation('out of memory: too many unfinished messages', '53200');
  };

  const resumeReading = () => {
    if (socket.isPaused() && queue.bytes <= QUEUE_HIGH / 2) socket.resume();
  };

  const leaveIfDone = () => {
    if (running) return;
    if (farewell) end(farewell);
    else if (terminated && !queue.hasJob()) end();
  };

  const onOpened = (result: JobResult) => {
    const { error, settings } = readOpenResult(Buffer.from(result.output));
    if (error && login.user !== OWNER) {
      // There is no such role: anybody may come in, as the owner.
      login = { user: OWNER, settings: login.settings.filter(([name]) => name !== ROLE_SETTING) };
      session = 'none';
    } else if (error) end(error);
    else if (phase === 'opening') {
      if (login.user === OWNER) host.greetings().keep(login.settings, settings);
      greet(settings);
    } else for (const [name, value] of settings) outlet.write(parameterStatus(name, value));
  };

  const onAnswered = (result: JobResult, cancelled: CancelReason | undefined) => {
    const { buffer, byteOffset, length } = result.output;
    const output = Buffer.from(buffer, byteOffset, length);
    outlet.write(cancelled ? withCancelReason(output, cancelled) : output);
    if (result.listening) host.listen(connection, result.listening);
    if (result.notifications) host.notify(connection, result.notifications);
    if (result.ended) end();
    else leaveIfDone();
  };

  const end = (error?: ErrorFields) => {
    if (phase === 'ended') return;
    phase = 'ended';
    outlet.end(error && errorMessage(error));
    scheduler.wake(connection);
  };

  const onClose = () => {
    clearTimeout(startupTimer);
    phase = 'ended';
    host.unfinished.bytes -= unfinished;
    host.onClosed(connection);
    // A result that nobody reads need not be made; any other statement runs to its end.
    if (sendsParts) scheduler.cancel(connection, 'user');
    scheduler.wake(connection);
  };

  /** Statements sent before a good-bye are still owed, even when the socket is gone. */
  const owesStatements = () => terminated && queue.hasJob();

  const connection: Connection = {
    id,
    secret,
    get timeouts() {
      return timeouts;
    },

    hasTask() {
      if (running || session === 'closed') return false;
      if (phase === 'ended') return session === 'open' || owesStatements();
      if (session === 'none') return phase === 'opening' || (phase === 'ready' && queue.hasJob());
      return queue.hasJob() && !outlet.isFull();
    },

    takeTask() {
      if (session === 'none') {
        running = { kind: 'open', messages: [] };
        return { kind: 'open', settings: login.settings, told };
      }
      if (phase === 'ended' && !owesStatements()) {
        running = { kind: 'close', messages: [] };
        return { kind: 'close' };
      }
      // The time limit is for each statement: several of them would share one.
      const messages = queue.takeJob(timeouts.statement ? 'one' : 'all');
      running = { kind: 'messages', messages };
      resumeReading();
      return { kind: 'messages', bytes: joinExactly(messages) };
    },

    returnTask() {
      if (running) queue.giveBack(running.messages);
      running = undefined;
    },

    refuseStatement(reason) {
      const isWhole = queue.dropUnit();
      outlet.write(cancelError(reason));
      if (isWhole) outlet.write(readyForQuery('I'));
    },

    onOutput(bytes, onSent) {
      sendsParts = true;
      outlet.writePart(bytes, onSent);
      if (phase === 'ended') scheduler.cancel(connection, 'user');
    },

    onLanded(result) {
      landed = running?.kind ?? 'messages';
      if (running && result.left) queue.giveBack(running.messages, result.left);
      running = undefined;
      sendsParts = false;
      if (result.timeouts) timeouts = result.timeouts;
      if (landed === 'open') session = result.ended ? 'closed' : 'open';
      if (landed === 'close' || result.ended) session = 'closed';
    },

    onResult(result, cancelled) {
      if (landed === 'open') onOpened(result);
      else if (landed === 'messages') onAnswered(result, cancelled);
    },

    copyInput() {
      if (phase === 'ended') return joinExactly([copyFail('the client is gone')]);
      const messages = queue.takeCopyInput();
      resumeReading();
      return messages.length ? joinExactly(messages) : undefined;
    },

    endIdleTransaction() {
      end({
        severity: 'FATAL',
        code: '25P03',
        message: 'terminating connection due to idle-in-transaction timeout',
      });
    },

    notify(message) {
      if (socket.writableLength > MAX_UNREAD_NOTIFICATIONS) socket.destroy();
      else outlet.write(message);
    },

    end,

    endWhenIdle(error) {
      farewell = error;
      leaveIfDone();
    },

    endWithEngine(error) {
      session = 'closed';
      running = undefined;
      end(error);
    },
  };

  socket.on('data', onData);
  socket.on('drain', () => scheduler.wake(connection));
  socket.on('close', onClose);
  return connection;
}
