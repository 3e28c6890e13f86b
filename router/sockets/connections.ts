/**
 * Who stays connected, by a WebSocket or a stream of events: counted by address and by viewer, and looked after by one
 * timer for all, since ten thousand of them would be ten thousand timers.
 */
import type { Log } from '@souk/kit/observe/log';
import type { Holder } from '../policy/claims.ts';
import type { Guard } from '../policy/guard.ts';
import type { Pass } from '../policy/tokens.ts';
import { createCounts } from './counts.ts';
import type { Departure, Farewell } from './farewells.ts';
import type { SocketMetrics, Transport } from './metrics.ts';
import type { SocketOptions } from './options.ts';
import type { NoRoom } from './refusals.ts';

export interface Connection {
  readonly transport: Transport;
  readonly requestId: string;
  /** By the clock of `performance`. */
  readonly since: number;
  /** Its client's address, or the network that has it. */
  readonly network: string | undefined;
  /** Absent until it is known who it is; a guest is known too. */
  viewer?: Holder;
  /** Absent for a guest. */
  pass?: Pass | undefined;
  isWarned: boolean;
  /** What its line in the log tells. */
  sent: { frames: number; bytes: number };
  operations: number;
  /** Ends it, with a word to the client. */
  end(farewell: Farewell): void;
  /** Tells the client that its token ends soon, where the transport can. */
  warn(until: number): void;
  /** Called four times a second. */
  look(now: number): void;
  /** The process stops: ends it once what runs has been answered. */
  depart(): void;
}

export interface Connections {
  /** The reason why one more may not come in; nothing when it may. */
  roomFor(network: string | undefined): NoRoom | undefined;
  /** `remove` must be called when it has gone. */
  add(connection: Connection): void;
  /** False when there are too many of this viewer. */
  identify(connection: Connection, viewer: Holder, pass: Pass | undefined): boolean;
  remove(connection: Connection, why: Farewell | Departure, details?: Record<string, unknown>): void;
  /** Asks everyone to come back elsewhere, at the latest after this time; settles when they have gone. */
  disconnect(withinMs: number): Promise<void>;
}

/** A revocation has a second to end a socket. */
const LOOK_EVERY_MS = 250;

export interface ConnectionsOptions {
  limits: SocketOptions;
  guard: Pick<Guard, 'isEnded' | 'revocationsHeard'>;
  metrics: SocketMetrics;
  log: Log;
}

export function createConnections({ limits, guard, metrics, log }: ConnectionsOptions): Connections {
  const all = new Set<Connection>();
  const perNetwork = createCounts(limits.maxPerAddress);
  const perViewer = createCounts(limits.maxPerViewer);
  let departing: Promise<void> | undefined;
  let revocations = 0;
  let onEmpty = () => {};
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    const [now, clock] = [performance.now(), Date.now()];
    const heard = guard.revocationsHeard();
    const mayBeRevoked = heard !== revocations;
    revocations = heard;
    for (const connection of all) {
      const { pass } = connection;
      if (pass) lookAtPass(connection, pass, clock, mayBeRevoked);
      connection.look(now);
    }
  };

  const lookAtPass = (connection: Connection, pass: Pass, clock: number, mayBeRevoked: boolean): void => {
    const isExpired = pass.until <= clock;
    if (isExpired || (mayBeRevoked && guard.isEnded(pass))) {
      connection.pass = undefined;
      connection.end(isExpired ? 'token expired' : 'token revoked');
    } else if (!connection.isWarned && pass.until - clock <= limits.warnBeforeExpiryMs) {
      connection.isWarned = true;
      connection.warn(pass.until);
    }
  };

  const reasonAgainst = (network: string | undefined): NoRoom | undefined => {
    if (departing) return 'stopping';
    if (all.size >= limits.maxSockets) return 'process';
    return perNetwork.hasRoom(network) ? undefined : 'address';
  };

  const sendAway = async (withinMs: number): Promise<void> => {
    if (all.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      onEmpty = resolve;
    });
    for (const connection of [...all]) connection.depart();
    const late = setTimeout(() => {
      for (const connection of [...all]) connection.end('stopping');
    }, withinMs);
    await empty;
    clearTimeout(late);
  };

  return {
    roomFor: (network) => {
      const noRoom = reasonAgainst(network);
      if (noRoom) metrics.refused(noRoom);
      return noRoom;
    },
    add: (connection) => {
      perNetwork.take(connection.network);
      all.add(connection);
      timer ??= setInterval(look, LOOK_EVERY_MS);
      metrics.opened(connection.transport);
    },
    identify: (connection, viewer, pass) => {
      if (!connection.viewer) {
        const name = nameOf(viewer);
        if (!perViewer.hasRoom(name)) return false;
        perViewer.take(name);
      }
      Object.assign(connection, { viewer, pass, isWarned: false });
      return true;
    },
    remove: (connection, why, details = {}) => {
      if (!all.delete(connection)) return;
      perNetwork.give(connection.network);
      if (connection.viewer) perViewer.give(nameOf(connection.viewer));
      metrics.closed(connection.transport, why);
      log.info({ ...lineOf(connection), why, ...details }, 'connection closed');
      if (all.size > 0) return;
      clearInterval(timer);
      timer = undefined;
      onEmpty();
    },
    disconnect: (withinMs) => {
      departing ??= sendAway(withinMs);
      return departing;
    },
  };
}

/** Guests are nobody in particular: their address bounds them. */
function nameOf({ userId, apiKeyId }: Holder): string | undefined {
  if (userId !== undefined) return `u:${userId}`;
  return apiKeyId === undefined ? undefined : `k:${apiKeyId}`;
}

function lineOf({ transport, requestId, since, viewer, sent, operations }: Connection) {
  return {
    transport,
    requestId,
    ms: Math.round(performance.now() - since),
    operations,
    frames: sent.frames,
    bytes: sent.bytes,
    ...(viewer?.userId ? { user: viewer.userId } : {}),
    ...(viewer?.apiKeyId ? { client: viewer.apiKeyId } : {}),
  };
}
