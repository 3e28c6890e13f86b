/** What a command answers. */
import type { Doc } from '../values/types.ts';

export interface CursorBatch {
  batchName: 'firstBatch' | 'nextBatch';
  /** 0 when there is nothing more to get. */
  id: bigint;
  namespace: string;
  documents: Uint8Array[];
}

export interface Reply {
  fields: Doc;
  /** Written in front of the other fields as `cursor`. */
  cursor?: CursorBatch;
}
