/** What runs an operation over the subgraphs. The router knows no more of it than this. */
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { RootFetch } from '../plan/plan.ts';
import type { WithheldPlace } from '../policy/restore.ts';
import type { Withheld } from '../policy/withhold.ts';

export interface Operation {
  /**
   * Valid against the API schema and free of what its viewer may not read. The same object each time the same
   * operation comes by, so that a plan can be kept with it.
   */
  document: DocumentNode;
  definition: OperationDefinitionNode;
  /** Places that the viewer may not read, by the alias that holds each of them in the document. */
  withheld?: ReadonlyMap<string, Withheld>;
  /** As the client sent them; known to fit. */
  variables: Record<string, unknown>;
  caller: Caller;
}

/** On whose behalf subgraphs are asked. */
export interface Caller {
  requestId: string;
  /** Its reader may add to them. Asked for at each request to a subgraph, since a signature in them does not live long. */
  headers(): Record<string, string>;
  /** Whether nobody waits for the answer any more. */
  hasLeft(): boolean;
  observe(fetch: SubgraphFetch): void;
  /** Told once an operation: whether its plan was there, and how long making it took. */
  planned?(isKept: boolean, seconds: number): void;
}

export interface SubgraphFetch {
  subgraph: string;
  outcome: FetchOutcome;
  /** By the clock of `performance`. */
  started: number;
  seconds: number;
  /** What it was sent, as the plan has it. */
  operation: string;
}

/** A fetch of a plan. */
export interface PlannedFetch {
  subgraph: string;
  /** What it is sent. */
  operation: string;
  /** Where in the answer the objects are that it asks more of; none for fields of a root type. */
  paths: readonly string[];
  /** Indexes of the fetches whose answers it needs. */
  waitsFor: readonly number[];
}

export type FetchOutcome =
  | 'ok'
  | 'errors'
  | 'unreachable'
  | 'timeout'
  | 'invalid'
  | 'too large'
  | 'circuit open'
  | 'cancelled';

export interface AnswerError {
  message: string;
  path?: readonly (string | number)[];
  extensions: { code: string; service?: string; [key: string]: unknown };
}

/** Data that is JSON already. */
export class RenderedData {
  /** Each character is one byte of UTF-8: see wire-text.ts. */
  readonly wireText: string;

  constructor(wireText: string) {
    this.wireText = wireText;
  }
}

export interface Answer {
  /** Absent when nothing was executed. */
  data?: Record<string, unknown> | RenderedData | null;
  errors: AnswerError[];
  /** Where something was withheld, from an executor that has put null there itself. */
  withheld?: { places: WithheldPlace[]; unlisted: number };
}

export interface Executor {
  /** Never rejects for what a subgraph does; its faults are errors of the answer. */
  execute(operation: Operation): Promise<Answer>;
  /** Makes ready what does not need a request, for when one comes. */
  prepare?(operation: Omit<Operation, 'caller'>): void;
  /** What the operation is made of; nothing when that is not known. */
  explain?(operation: Operation): PlannedFetch[] | undefined;
  /** For when no operation runs any more. */
  close(): Promise<void>;
}

/** One that runs subscriptions too: an operation for each event that a subgraph sends. */
export interface EventExecutor extends Executor {
  /** What the subgraph is asked for that sends the events; nothing where none needs to be asked. */
  source(
    operation: Omit<Operation, 'caller'>,
  ): { ok: true; fetch: RootFetch | undefined } | { ok: false; reason: string };
  /** `event` is the subgraph's answer to what `source` says. Never rejects, like `execute`. */
  executeEvent(operation: Operation, event: Buffer): Promise<Answer>;
}
