/** Receives the file of an import: in pieces into the database, where every process can go on with it. */
import { randomUUID } from 'node:crypto';
import type { ImportDocument } from '../store/import-document.ts';
import { claimUpload, deleteChunks, findImports, insertChunk, saveImport } from '../store/imports.ts';
import { createLineSplitter, isBlank } from './import-lines.ts';
import { isSignedFor } from './import-starting.ts';
import { outgoing } from './outgoing.ts';
import type { Services } from './services.ts';

export const MAX_FILE_BYTES = 200 * 1_048_576;
export const CHUNK_BYTES = 1_048_576;
/** An upload that is silent for this long is taken for dead, and another one may begin. */
const SILENCE_MS = 30_000;

export type UploadOutcome =
  | { ok: true; rows: number; bytes: number }
  | {
      ok: false;
      reason: 'unknown' | 'forged' | 'expired' | 'used' | 'busy' | 'too large' | 'empty' | 'broken off';
    };

export interface Upload {
  importId: string;
  signature: string;
  announcedBytes?: number | undefined;
  source: AsyncIterable<Buffer> | Iterable<Buffer>;
}

export async function receiveFile(services: Services, upload: Upload): Promise<UploadOutcome> {
  const { collections, now } = services;
  const { importId, signature, announcedBytes = 0, source } = upload;
  const [row] = await findImports(collections, [importId]);
  if (!row) return { ok: false, reason: 'unknown' };
  if (!isSignedFor(row, signature)) return { ok: false, reason: 'forged' };
  if (row.state !== 'AWAITING_UPLOAD') return { ok: false, reason: 'used' };
  if (row.uploadUntil <= now()) return { ok: false, reason: 'expired' };
  if (announcedBytes > MAX_FILE_BYTES) return { ok: false, reason: 'too large' };
  const holder = randomUUID();
  if (!(await claimUpload(collections, importId, leaseOf(services, holder), now()))) {
    return { ok: false, reason: 'busy' };
  }
  // What an upload that broke off has left.
  await deleteChunks(collections, [importId]);
  const outcome = await storeFile(services, row, holder, source);
  if (outcome.ok) {
    services.importing.wake();
    return outcome;
  }
  await deleteChunks(collections, [importId]);
  await saveImport(collections, { _id: importId, holder }, { set: { lease: null } });
  return outcome;
}

async function storeFile(
  services: Services,
  row: ImportDocument,
  holder: string,
  source: Upload['source'],
): Promise<UploadOutcome> {
  const { collections } = services;
  const mine = { _id: row._id, holder };
  const splitter = createLineSplitter({ byte: 0, line: 1 }, row.format === 'CSV');
  let rows = 0;
  let bytes = 0;
  let number = 0;
  let pieces: Buffer[] = [];
  let pending = 0;
  const flush = async (isLast: boolean): Promise<boolean> => {
    let data = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    for (; data.length >= CHUNK_BYTES || (isLast && data.length > 0); data = data.subarray(CHUNK_BYTES)) {
      await insertChunk(collections, row._id, number++, data.subarray(0, CHUNK_BYTES));
      if (
        !(await saveImport(collections, mine, { set: { lease: leaseOf(services, holder) } }, [
          'AWAITING_UPLOAD',
        ]))
      ) {
        return false;
      }
    }
    pieces = [data];
    pending = data.length;
    return true;
  };
  try {
    for await (const piece of source) {
      bytes += piece.length;
      if (bytes > MAX_FILE_BYTES) return { ok: false, reason: 'too large' };
      for (const line of splitter.push(piece)) if (!isBlank(line)) rows += 1;
      pieces.push(piece);
      pending += piece.length;
      if (pending >= CHUNK_BYTES && !(await flush(false))) return { ok: false, reason: 'used' };
    }
  } catch (error) {
    // The sender has gone. Whether it was the store instead shows when the lease is given back.
    services.log.info({ err: error, importId: row._id }, 'An upload broke off');
    return { ok: false, reason: 'broken off' };
  }
  for (const line of splitter.end()) if (!isBlank(line)) rows += 1;
  const dataRows = row.format === 'CSV' ? rows - 1 : rows;
  if (dataRows < 1) return { ok: false, reason: 'empty' };
  if (!(await flush(true))) return { ok: false, reason: 'used' };
  const event = outgoing(services, {}, { type: 'catalog.import.started', data: { importId: row._id } });
  const set = { state: 'RUNNING', totalRows: dataRows, fileBytes: bytes, lease: null } as const;
  const started = await saveImport(collections, mine, { set, event }, ['AWAITING_UPLOAD']);
  return started ? { ok: true, rows: dataRows, bytes } : { ok: false, reason: 'used' };
}

function leaseOf({ now }: Services, holder: string) {
  return { holder, until: new Date(now().getTime() + SILENCE_MS) };
}
