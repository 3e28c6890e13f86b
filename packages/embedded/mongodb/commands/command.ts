/** What a command is, and what it is given to work with. */
import type { Deadline } from '../storage/deadline.ts';
import type { Store } from '../storage/store.ts';
import type { Doc } from '../values/types.ts';
import type { CursorStore } from './cursors.ts';
import type { Args, Fields } from './fields.ts';
import type { Reply } from './reply.ts';

/** What all connections share. */
export interface ServerState {
  readonly store: Store;
  readonly cursors: CursorStore;
  readonly now: () => Date;
  readonly startedAt: Date;
  readonly port: () => number;
  readonly counters: Counters;
  readonly connections: { current: number; totalCreated: number; max: number };
}

export interface Counters {
  insert: number;
  query: number;
  update: number;
  delete: number;
  getmore: number;
  command: number;
}

/** One run of a command. */
export interface Call {
  readonly server: ServerState;
  readonly connectionId: number;
  readonly clientAddress: string;
  /** The name as the client wrote it. */
  readonly commandName: string;
  readonly database: string;
  readonly body: Doc;
  /** Documents that came beside the body, still encoded. */
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly deadline: Deadline;
  readonly maxTimeMS: number | undefined;
  /** The client's session, in hex. */
  readonly session: string | undefined;
  readonly now: Date;
}

export interface Command {
  /** The first is the one listCommands shows; the others are accepted too. */
  readonly names: readonly string[];
  readonly help: string;
  /** What errors call the command, if not by the name that was used. */
  readonly errorName?: string;
  readonly fields: Fields;
  /** It may change data: it is refused while the disk takes nothing. */
  readonly writes: boolean;
  readonly adminOnly: boolean;
  readonly counter: keyof Counters;
  run(args: Record<string, unknown>, call: Call): Reply | Promise<Reply>;
}

interface Definition<F extends Fields> {
  names: readonly string[];
  help: string;
  errorName?: string;
  fields: F;
  writes?: boolean;
  adminOnly?: boolean;
  counter?: keyof Counters;
  run(args: Args<F>, call: Call): Reply | Promise<Reply>;
}

export function command<F extends Fields>(definition: Definition<F>): Command {
  return { writes: false, adminOnly: false, counter: 'command', ...definition } as unknown as Command;
}
