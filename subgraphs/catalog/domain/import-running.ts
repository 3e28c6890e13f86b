/**
 * Works on imports, batch by batch. Progress is in the database and moves together with its counts, so whoever goes on
 * after a crash begins at the batch that was under way, and doing that one twice changes nothing.
 */
import { randomUUID } from 'node:crypto';
import type { ImportDocument, ImportState } from '../store/import-document.ts';
import { claimImport, deleteChunks, findChunk, saveImport } from '../store/imports.ts';
import { importBatch, saveFaults } from './import-batch.ts';
import { csvColumns } from './import-csv.ts';
import { createLineSplitter, isBlank, type Position, type RawLine } from './import-lines.ts';
import { readRow } from './import-rows.ts';
import { CHUNK_BYTES } from './import-uploading.ts';
import { outgoing } from './outgoing.ts';
import type { Services } from './services.ts';

export const BATCH_ROWS = 250;
/** A batch of long lines is cut short here, so that it fits into memory and one write. */
const BATCH_BYTES = 4 * 1_048_576;

/** Two a second at most, with the event that begins or ends an import. */
const TELL_EVERY_MS = 1_000;

/** Until nobody waits any more, or the process stops. */
export async function runImports(services: Services, stopping: AbortSignal): Promise<void> {
  const holder = randomUUID();
  while (!stopping.aborted) {
    const claimed = await claimImport(services.collections, leaseOf(services, holder), services.now());
    if (!claimed) return;
    await work(services, claimed, holder, stopping);
  }
}

async function work(
  services: Services,
  claimed: ImportDocument,
  holder: string,
  stopping: AbortSignal,
): Promise<void> {
  const { collections } = services;
  const { _id, format } = claimed;
  const mine = { _id, holder };
  const lines = linesOf(services, claimed);
  let toldAt = services.now().getTime();
  let columns = claimed.columns;
  let position: Position = claimed.next;
  if (format === 'CSV' && !columns) {
    const header = await lines.next();
    const read = csvColumns(header.done ? null : header.value.bytes);
    if (!read.ok) {
      await saveFaults(services, _id, [
        { line: 1, sku: null, field: read.field ?? null, message: read.message },
      ]);
      return end(services, mine, 'FAILED', { failedCount: 1 });
    }
    columns = read.value;
    position = header.done ? position : header.value.next;
    if (!(await saveImport(collections, mine, { set: { columns, next: position } }, ['RUNNING']))) return;
  }
  for (;;) {
    if (stopping.aborted) {
      // Given back, so that another process need not wait for the lease to end.
      await saveImport(collections, mine, { set: { lease: null } });
      return;
    }
    const batch = await takeBatch(lines);
    if (batch.length === 0) return end(services, mine, 'COMPLETED');
    const rows = batch.filter((line) => !isBlank(line)).map((line) => readRow(line, columns));
    const { created, updated, failed } = await importBatch(services, claimed, position.line, rows);
    position = batch.at(-1)!.next;
    const saved = await saveImport(collections, mine, {
      set: { next: position, lease: leaseOf(services, holder) },
      increase: {
        processedRows: rows.length,
        createdCount: created,
        updatedCount: updated,
        failedCount: failed,
      },
    });
    // Taken over by another process, or cancelled meanwhile.
    if (saved?.state !== 'RUNNING') return;
    const now = services.now().getTime();
    if (now - toldAt < TELL_EVERY_MS) continue;
    toldAt = now;
    // A write of its own: nothing may be told of an import behind its end.
    await saveImport(collections, mine, { event: progressed(services, _id) }, ['RUNNING']);
  }
}

function progressed(services: Services, importId: string) {
  return outgoing(services, {}, { type: 'catalog.import.progressed', data: { importId } });
}

async function end(
  services: Services,
  mine: { _id: string; holder: string },
  state: Extract<ImportState, 'COMPLETED' | 'FAILED'>,
  increase: { failedCount?: number } = {},
): Promise<void> {
  const { collections, now } = services;
  const event = outgoing(services, {}, { type: 'catalog.import.ended', data: { importId: mine._id, state } });
  const change = {
    set: { state, finishedAt: now(), lease: null },
    increase: { failedCount: 0, ...increase },
    event,
  };
  if (await saveImport(collections, mine, change, ['RUNNING'])) await deleteChunks(collections, [mine._id]);
}

async function* linesOf(
  services: Services,
  { _id, next, format }: ImportDocument,
): AsyncGenerator<RawLine, undefined> {
  const splitter = createLineSplitter(next, format === 'CSV');
  const first = Math.floor(next.byte / CHUNK_BYTES);
  for (let number = first; ; number++) {
    const chunk = await findChunk(services.collections, _id, number);
    if (!chunk) break;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    yield* splitter.push(number === first ? bytes.subarray(next.byte % CHUNK_BYTES) : bytes);
  }
  yield* splitter.end();
  return undefined;
}

async function takeBatch(lines: AsyncGenerator<RawLine, undefined>): Promise<RawLine[]> {
  const batch: RawLine[] = [];
  let bytes = 0;
  while (batch.length < BATCH_ROWS && bytes < BATCH_BYTES) {
    const line = await lines.next();
    if (line.done) break;
    batch.push(line.value);
    bytes += line.value.bytes?.length ?? 0;
  }
  return batch;
}

function leaseOf({ now, importLeaseMs }: Services, holder: string) {
  return { holder, until: new Date(now().getTime() + importLeaseMs) };
}
