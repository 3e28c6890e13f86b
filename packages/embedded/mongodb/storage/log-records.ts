/**
 * What the log holds, record by record. The first byte says which kind it is:
 * 1, a document as it now stands: collection number (4 bytes), record id (8, a double), BSON;
 * 2, a document that is gone: collection number, record id;
 * 3, a change to what collections there are, as a BSON document.
 */
import { decodeDoc, encodeDoc } from '../values/codec.ts';
import type { Doc } from '../values/types.ts';

const PUT = 1;
const REMOVE = 2;
const CATALOG = 3;
const PREFIX_BYTES = 13;

export type LogEntry =
  | { kind: 'put'; collection: number; recordId: number; bytes: Uint8Array }
  | { kind: 'remove'; collection: number; recordId: number }
  | { kind: 'catalog'; change: Doc };

export function putRecord(collection: number, recordId: number, bytes: Uint8Array): Uint8Array {
  const record = Buffer.allocUnsafe(PREFIX_BYTES + bytes.length);
  writePrefix(record, PUT, collection, recordId);
  record.set(bytes, PREFIX_BYTES);
  return record;
}

export function removeRecord(collection: number, recordId: number): Uint8Array {
  const record = Buffer.allocUnsafe(PREFIX_BYTES);
  writePrefix(record, REMOVE, collection, recordId);
  return record;
}

export function catalogRecord(change: Doc): Uint8Array {
  return Buffer.concat([Buffer.of(CATALOG), encodeDoc(change)]);
}

function writePrefix(record: Buffer, kind: number, collection: number, recordId: number): void {
  record[0] = kind;
  record.writeUInt32LE(collection, 1);
  record.writeDoubleLE(recordId, 5);
}

export function readLogRecord(record: Buffer): LogEntry {
  const kind = record[0];
  if (kind === CATALOG) return { kind: 'catalog', change: decodeDoc(record.subarray(1)) };
  if ((kind !== PUT && kind !== REMOVE) || record.length < PREFIX_BYTES) {
    throw new Error(`unknown kind of record ${kind} with ${record.length} bytes`);
  }
  const collection = record.readUInt32LE(1);
  const recordId = record.readDoubleLE(5);
  if (kind === REMOVE) return { kind: 'remove', collection, recordId };
  const bytes = record.subarray(PREFIX_BYTES);
  if (bytes.length < 5 || bytes.readInt32LE(0) !== bytes.length || bytes.at(-1) !== 0) {
    throw new Error('a document whose length is not what it says');
  }
  return { kind: 'put', collection, recordId, bytes };
}
