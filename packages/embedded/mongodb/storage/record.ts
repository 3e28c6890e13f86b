/**
 * A stored document. Its BSON bytes are what a find copies into the reply and what a rewrite of the log copies to disk;
 * the decoded form, about five times as large, is made when a filter or update looks inside, and kept for a while.
 */
import { decodeDoc } from '../values/codec.ts';
import type { Doc } from '../values/types.ts';
import { pickFields } from './pick-fields.ts';

export interface StoredRecord {
  /** Its place in natural order. Ids are never used again. */
  readonly id: number;
  readonly bytes: Uint8Array;
  decoded: Doc | undefined;
}

/**
 * Decoded documents are let go in two generations: when this many bytes of BSON have been decoded, those of the
 * generation before are dropped, whether they were used since or not.
 */
const GENERATION_BYTES = 8 * 1024 * 1024;

let young: StoredRecord[] = [];
let old: StoredRecord[] = [];
let youngBytes = 0;

export function makeRecord(id: number, bytes: Uint8Array, decoded?: Doc): StoredRecord {
  const record = { id, bytes, decoded };
  if (decoded) keep(record);
  return record;
}

export function docOf(record: StoredRecord): Doc {
  if (record.decoded) return record.decoded;
  const doc = decodeDoc(record.bytes);
  record.decoded = doc;
  keep(record);
  return doc;
}

/** A document with at least these fields, if they are there; `names` are encoded. */
export function fieldsOf(record: StoredRecord, names: readonly Uint8Array[]): Doc {
  return record.decoded ?? pickFields(record.bytes, names);
}

function keep(record: StoredRecord): void {
  young.push(record);
  youngBytes += record.bytes.length;
  if (youngBytes < GENERATION_BYTES) return;
  for (const each of old) each.decoded = undefined;
  old = young;
  young = [];
  youngBytes = 0;
}
