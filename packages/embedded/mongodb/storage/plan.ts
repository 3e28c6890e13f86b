/** How a query reads a collection. */
import type { DocMatcher } from '../query/match.ts';
import type { SortPart } from '../query/sort.ts';
import type { Collator } from '../values/collation.ts';
import type { Doc, Value } from '../values/types.ts';
import type { ReadView } from './collection.ts';
import type { Index } from './index.ts';
import type { Key } from './index-keys.ts';
import type { IndexScan } from './index-scan.ts';

/** How values compare and what variables mean, the same throughout a command. */
export interface Language {
  collation: Doc | undefined;
  collator: Collator | undefined;
  /** Values of the variables of `let`. */
  variables: Record<string, Value>;
  now: Date;
}

export interface Query {
  language: Language;
  filter: Doc;
  sort?: Doc | undefined;
  skip?: number | undefined;
  limit?: number | undefined;
  hint?: Value | undefined;
  min?: Doc | undefined;
  max?: Doc | undefined;
}

export type Access =
  /** The filter contradicts itself, or the collection is not there. */
  | { stage: 'EOF' }
  | { stage: 'COLLSCAN'; direction: 1 | -1 }
  | { stage: 'IDHACK'; index: Index; id: Value }
  | { stage: 'IXSCAN'; scan: IndexScan; direction: 1 | -1 }
  /** Several pieces of one index, each in the order of the sort, merged. */
  | { stage: 'SORT_MERGE'; scan: IndexScan; direction: 1 | -1; sortFields: readonly number[] }
  | { stage: 'OR'; scans: readonly IndexScan[] }
  /** From `min` up to `max`, which is left out. */
  | { stage: 'KEY_BOUNDS'; index: Index; min: Key | undefined; max: Key | undefined; direction: 1 | -1 };

export interface Plan {
  /** The collection as it stood when the query was planned; undefined when there is none. */
  readonly view: ReadView | undefined;
  readonly access: Access;
  /** What is left to be tested on each document; undefined when everything passes. */
  readonly matches: DocMatcher | undefined;
  /** Encoded names of the fields that are tested; undefined when they may be any. */
  readonly testedFields: readonly Uint8Array[] | undefined;
  readonly filter: Doc;
  /** Set where the access does not give the order asked for. */
  readonly sort: { parts: readonly SortPart[]; spec: Doc } | undefined;
  readonly skip: number;
  readonly limit: number;
  readonly collator: Collator | undefined;
  /** Plans that were possible and lost, for explain. */
  readonly rejected: readonly Access[];
}
