import type { Collator } from '../values/collation.ts';
import type { Doc, Value } from '../values/types.ts';

/** What a pipeline needs of the world around it. */
export interface PipelineContext {
  collator?: Collator;
  /** Values of the command's `let`. They are read anew for each document. */
  variables: Record<string, Value>;
  now: Date;
  databaseName: string;
  /** Another collection of the database; storage may use an index for the filter. */
  readCollection(name: string, filter?: Doc): Iterable<Doc>;
  /** Whether looking up one value at this path takes no scan. */
  hasIndexOn?(collection: string, path: string): boolean;
  collectionStats?(): Doc;
  indexStats?(): Doc[];
  /** Called in long computations that read no documents; throws when the command's time is over. */
  checkDeadline?(): void;
}

/** A stage takes documents and gives documents, as lazily as it can. */
export type Stage = (input: Iterable<Doc>) => Iterable<Doc>;

/** Where a pipeline stands: some stages may not be everywhere. */
export type Place = 'command' | 'facet' | 'lookup' | 'union' | 'update';

export interface StageContext extends PipelineContext {
  place: Place;
  /** How deep pipelines are nested in one another. */
  depth: number;
  compile(stages: Value[], place: Place, context?: PipelineContext): Stage;
}

export interface StagePosition {
  /** Such as `$addFields`; some stages have two names. */
  name: string;
  index: number;
  /** The stages after this one. */
  following: readonly Doc[];
}

export type StageCompiler = (spec: Value, context: StageContext, position: StagePosition) => Stage;
