/** What the wire server and the engine's thread say to each other, and the few numbers that both see at once. */

/** Frontend messages of one connection, or the beginning or the end of its session. */
export interface Job {
  session: number;
  /** Its place in the shared numbers, where either side can see how far it is. */
  slot: number;
  task: /** `told`: the settings that the client has been greeted with. */
    | { kind: 'open'; settings: readonly Setting[]; told: readonly Setting[] }
    | { kind: 'messages'; bytes: Uint8Array }
    | { kind: 'close' };
}

export type Setting = readonly [name: string, value: string];

export type ToEngine =
  | { type: 'run'; jobs: Job[] }
  /** More messages for a COPY that reads from its client. */
  | { type: 'input'; bytes: Uint8Array }
  | { type: 'stop' };

/** `unfinished`: messages without their Sync yet. All but `idle` keep the engine for their connection. */
export type TransactionState = 'idle' | 'transaction' | 'failed' | 'unfinished';

export interface JobResult {
  session: number;
  slot: number;
  /** Ready for the socket; what came before it was sent as `output` while the job ran. */
  output: Uint8Array;
  state: TransactionState;
  /** All channels that the connection listens to, when that has changed. */
  listening?: readonly string[];
  /** What this job's transactions notified, ready for the sockets of those who listen. */
  notifications?: readonly Notification[];
  /** So many bytes at the end of its messages were not run: the client is to read first. */
  left?: number;
  /** Settings that the wire server has to act on, when they have changed. */
  timeouts?: SessionTimeouts;
  /** The session cannot go on; its last words stand in `output`. */
  ended?: boolean;
}

export interface Notification {
  channel: string;
  message: Uint8Array;
}

/** Milliseconds; 0 is none. */
export interface SessionTimeouts {
  statement: number;
  lock: number;
  idleInTransaction: number;
}

export type FromEngine =
  | { type: 'ready'; parameters: readonly Setting[] }
  | { type: 'output'; session: number; slot: number; bytes: Uint8Array }
  /** The running COPY has read all its input. */
  | { type: 'needs-input'; session: number }
  /** `finished`: no more of this batch; jobs without a result were not run, because a transaction stayed open. */
  | { type: 'result'; result?: JobResult; finished: boolean }
  | { type: 'failed'; message: string };

/** Places in the shared Int32Array. */
export const WAKE = 0;
/** How far the job of a slot is. */
export const stateAt = (slot: number) => 1 + 2 * slot;
/** Bytes of its output that the wire server has not got rid of yet. */
export const unsentAt = (slot: number) => 2 + 2 * slot;

/** What a slot's state is. A job is withdrawn or started by whoever comes first: compareExchange decides. */
export const SLOT = { free: 0, queued: 1, started: 2, withdrawn: 3, cancelled: 4 } as const;

export const sharedNumbers = (slots: number) =>
  new Int32Array(new SharedArrayBuffer(stateAt(slots) * Int32Array.BYTES_PER_ELEMENT));
