import type { SortPart } from '../query/sort.ts';
import type { Doc, Value } from '../values/types.ts';
import type { MemoryAccount } from './memory.ts';
import type { PipelineContext } from './stage.ts';

/** The documents of a partition in order, and the values they are sorted by. */
export interface Partition {
  docs: readonly Doc[];
  keys: readonly (readonly (Value | undefined)[])[];
}

/** Gives the value of an output for each document of a partition. */
export type WindowFunction = (partition: Partition, memory: MemoryAccount) => (Value | undefined)[];

export interface WindowContext {
  pipeline: PipelineContext;
  sortBy: readonly SortPart[];
}
