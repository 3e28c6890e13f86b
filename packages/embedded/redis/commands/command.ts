/** What a command is, and what it is given to run. */
import type { Client } from '../client.ts';
import type { Instance } from '../instance.ts';
import type { Database } from '../keyspace/database.ts';
import { NO_REPLY, type Reply } from '../protocol/reply.ts';

export interface Call {
  /** As sent; the first is the command's name. */
  readonly args: readonly string[];
  readonly client: Client;
  readonly db: Database;
  readonly instance: Instance;
  readonly commands: CommandTable;
  /** Runs a command that MULTI had queued. */
  readonly execute: (args: readonly string[]) => Reply;
  /** What the log needs to know is recorded already; otherwise a command that changed something is, as it was sent. */
  recorded: boolean;
}

/** Where the keys stand among the arguments: first, last (from the end when negative), step. */
export type KeyRange = readonly [first: number, last: number, step: number];

export interface Command {
  readonly name: string;
  /** How many arguments, with the name; negative for at least so many. */
  readonly arity: number;
  /** As COMMAND INFO lists them, between spaces. */
  readonly flags: string;
  readonly keys?: KeyRange;
  /** Where other arguments decide where the keys stand. */
  readonly findKeys?: (args: readonly string[]) => readonly string[];
  readonly run: (call: Call) => Reply;
}

/** A command whose first argument names what to do, such as CONFIG GET. */
export interface Container {
  readonly name: string;
  readonly subcommands: readonly Command[];
}

export type CommandGroup =
  | 'bitmap'
  | 'connection'
  | 'generic'
  | 'hash'
  | 'list'
  | 'pubsub'
  | 'scripting'
  | 'server'
  | 'set'
  | 'sorted-set'
  | 'stream'
  | 'string'
  | 'transactions';

export interface ListedCommand {
  readonly name: string;
  readonly group: CommandGroup;
  /** False for one that only tells that it is not to be had; COMMAND is silent about it. */
  readonly available: boolean;
  /** A container alone does nothing. */
  readonly command: Command | undefined;
  readonly subcommands: ReadonlyMap<string, Command>;
}

export interface CommandTable {
  readonly all: ReadonlyMap<string, ListedCommand>;
  /** The command for these arguments, or the error message for them. */
  find(args: readonly string[]): Command | string;
}

export const FIRST: KeyRange = [1, 1, 1];
export const SECOND: KeyRange = [2, 2, 1];
export const FIRST_TWO: KeyRange = [1, 2, 1];
export const ALL: KeyRange = [1, -1, 1];
export const ALL_BUT_LAST: KeyRange = [1, -2, 1];

/** Records this instead of the command as it was sent: what runs again must not depend on time or chance. */
export function record(call: Call, ...args: readonly string[]): void {
  call.recorded = true;
  call.instance.journal.record(call.db.index, args);
}

export interface Waiting {
  keys: readonly string[];
  /** 0 for ever. */
  timeoutMs: number;
  onTimeout: Reply;
  /** Where there is no waiting; what it is answered on timeout, if not said. */
  inTransaction?: null;
  /** Undefined when it has to wait. It records what it does by itself. */
  attempt(again: boolean): Reply | undefined;
}

/** Tries now, and again whenever one of the keys changes. Within a transaction there is no waiting. */
export function attemptOrWait(call: Call, waiting: Waiting): Reply {
  const reply = waiting.attempt(false);
  if (reply !== undefined) return reply;
  const { client, db, instance } = call;
  const { keys, timeoutMs, onTimeout } = waiting;
  if (client.executing) return waiting.inTransaction === undefined ? onTimeout : waiting.inTransaction;
  const attempt = () => waiting.attempt(true);
  instance.waiting.enter({ client, database: db.index, keys, attempt, onTimeout }, timeoutMs);
  return NO_REPLY;
}
