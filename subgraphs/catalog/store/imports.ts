/** Imports: their progress, which one process at a time moves, and the files they read. */

import type { Page } from '@souk/kit/lists/connections';
import { mongodbPage } from '@souk/kit/lists/connections-mongodb';
import { defineOrder, descending } from '@souk/kit/lists/cursors';
import { Binary } from 'mongodb';
import type { OutgoingEvent } from '../events.ts';
import type { Collections } from './collections.ts';
import type { ImportDocument, ImportState, Lease, StoredImport } from './import-document.ts';

type Imports = Pick<Collections, 'imports'>;

const read = { projection: { events: 0 } } as const;

/** Ids rise with time. */
export const NEWEST_IMPORTS = defineOrder('imports.newest', [descending('_id', 'text')]);

export function findImports({ imports }: Imports, ids: readonly string[]): Promise<ImportDocument[]> {
  return imports.find<ImportDocument>({ _id: { $in: [...ids] } }, read).toArray();
}

export function listImports({ imports }: Imports, page: Page): Promise<ImportDocument[]> {
  const { filter, sort, limit } = mongodbPage<StoredImport>(NEWEST_IMPORTS, page);
  return imports.find<ImportDocument>(filter, read).sort(sort).limit(limit).toArray();
}

export async function insertImport({ imports }: Imports, row: StoredImport): Promise<void> {
  await imports.insertOne(row);
}

const unclaimed = (now: Date) => ({ $or: [{ lease: null }, { 'lease.until': { $lt: now } }] });

/** For the process that receives its file; null when another one does, or it has the file. */
export function claimUpload({ imports }: Imports, id: string, lease: Lease, now: Date) {
  return imports.findOneAndUpdate(
    { _id: id, state: 'AWAITING_UPLOAD', ...unclaimed(now) },
    { $set: { lease } },
    { ...read, returnDocument: 'after' },
  );
}

/** The one that has waited longest for somebody to work on it. */
export function claimImport({ imports }: Imports, lease: Lease, now: Date): Promise<ImportDocument | null> {
  return imports.findOneAndUpdate(
    { state: 'RUNNING', ...unclaimed(now) },
    { $set: { lease } },
    { ...read, sort: { createdAt: 1 }, returnDocument: 'after' },
  );
}

/** Null when another process has taken over, or the import is gone. */
export function saveImport(
  { imports }: Imports,
  { _id, holder }: { _id: string; holder: string },
  change: {
    set?: Partial<Omit<ImportDocument, 'next'>> & { next?: ImportDocument['next'] };
    increase?: Partial<Record<'processedRows' | 'createdCount' | 'updatedCount' | 'failedCount', number>>;
    event?: OutgoingEvent;
  },
  states?: readonly ImportState[],
): Promise<ImportDocument | null> {
  const { set, increase, event } = change;
  return imports.findOneAndUpdate(
    { _id, 'lease.holder': holder, ...(states ? { state: { $in: [...states] } } : {}) },
    {
      ...(set ? { $set: set } : {}),
      ...(increase ? { $inc: increase } : {}),
      ...(event ? { $push: { events: event } } : {}),
    },
    { ...read, returnDocument: 'after' },
  );
}

/** Null when it has ended already. */
export function stopImport(
  { imports }: Imports,
  id: string,
  finishedAt: Date,
  event: OutgoingEvent,
): Promise<ImportDocument | null> {
  return imports.findOneAndUpdate(
    { _id: id, state: { $in: ['AWAITING_UPLOAD', 'RUNNING'] } },
    { $set: { state: 'CANCELLED', finishedAt }, $push: { events: event } },
    { ...read, returnDocument: 'after' },
  );
}

export async function findForgotten({ imports }: Imports, before: Date): Promise<string[]> {
  const rows = await imports
    .find({ state: 'AWAITING_UPLOAD', createdAt: { $lt: before } }, { projection: { _id: 1 } })
    .limit(1_000)
    .toArray();
  return rows.map(({ _id }) => _id);
}

export async function deleteForgotten({ imports }: Imports, ids: readonly string[]): Promise<void> {
  await imports.deleteMany({ _id: { $in: [...ids] }, state: 'AWAITING_UPLOAD' });
}

export function findImportsOfUser({ imports }: Imports, userId: string): Promise<ImportDocument[]> {
  return imports.find<ImportDocument>({ startedBy: userId }, read).sort({ _id: 1 }).toArray();
}

/** Answers how many there were. */
export async function forgetStarter({ imports }: Imports, userId: string): Promise<number> {
  const outcome = await imports.updateMany({ startedBy: userId }, { $set: { startedBy: null } });
  return outcome.modifiedCount;
}

export async function insertChunk(
  { importChunks }: Pick<Collections, 'importChunks'>,
  importId: string,
  number: number,
  data: Buffer,
): Promise<void> {
  await importChunks.insertOne({ _id: `${importId}:${number}`, importId, number, data: new Binary(data) });
}

export async function findChunk(
  { importChunks }: Pick<Collections, 'importChunks'>,
  importId: string,
  number: number,
): Promise<Uint8Array | undefined> {
  const chunk = await importChunks.findOne({ _id: `${importId}:${number}` });
  return chunk?.data.value();
}

export async function deleteChunks(
  { importChunks }: Pick<Collections, 'importChunks'>,
  importIds: readonly string[],
): Promise<void> {
  await importChunks.deleteMany({ importId: { $in: [...importIds] } });
}
