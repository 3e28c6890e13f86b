import type { Binary } from 'mongodb';
import type { OutgoingEvent } from '../events.ts';

export type ImportState = 'AWAITING_UPLOAD' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
export type ImportFormat = 'NDJSON' | 'CSV';

/** Who works on it, and until when nobody else may: a process that died holds nothing for long. */
export interface Lease {
  holder: string;
  until: Date;
}

export interface ImportDocument {
  _id: string;
  state: ImportState;
  format: ImportFormat;
  isDryRun: boolean;
  /** User id; null when a machine started it. */
  startedBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  totalRows: number | null;
  processedRows: number;
  createdCount: number;
  updatedCount: number;
  failedCount: number;
  /** Where the next batch begins. */
  next: { byte: number; line: number };
  fileBytes: number;
  /** The columns of a CSV file; null until its first line was read. */
  columns: string[] | null;
  /** Signs the address that the file is sent to. */
  uploadKey: Binary;
  uploadUntil: Date;
  /** Nothing or a past time when nobody works on it. */
  lease: Lease | null;
}

export interface StoredImport extends ImportDocument {
  events: OutgoingEvent[];
}

/** A piece of an uploaded file; all but the last have the same size. */
export interface ImportChunk {
  _id: string;
  importId: string;
  number: number;
  data: Binary;
}

export interface ImportFailure {
  /** Import, line and a running number, so that a batch that is done twice writes each one once. */
  _id: string;
  importId: string;
  row: number;
  sku: string | null;
  field: string | null;
  message: string;
}
