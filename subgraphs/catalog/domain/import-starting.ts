/** Imports are opened, then sent their file, and may be stopped. The address for the file is signed and works once. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { conflict, ok, refused } from '@souk/kit/errors/user-errors';
import { Binary } from 'mongodb';
import type { ImportDocument, ImportFormat } from '../store/import-document.ts';
import {
  deleteChunks,
  deleteForgotten,
  findForgotten,
  findImports,
  insertImport,
  stopImport,
} from '../store/imports.ts';
import { outgoing } from './outgoing.ts';
import { importNotFound, type Outcome } from './refusals.ts';
import type { Actor, Services } from './services.ts';

export const IMPORTS_PATH = '/catalog/imports/';
const UPLOAD_WITHIN_MS = 60 * 60_000;

export interface StartedImport {
  import: ImportDocument;
  uploadUrl: string;
}

export async function startImport(
  services: Services,
  actor: Actor,
  { format, isDryRun }: { format: ImportFormat; isDryRun?: boolean | null | undefined },
): Promise<Outcome<StartedImport>> {
  const createdAt = services.now();
  const row: ImportDocument = {
    _id: services.newId('imp'),
    state: 'AWAITING_UPLOAD',
    format,
    isDryRun: isDryRun ?? false,
    startedBy: actor.viewer?.userId ?? null,
    createdAt,
    finishedAt: null,
    totalRows: null,
    processedRows: 0,
    createdCount: 0,
    updatedCount: 0,
    failedCount: 0,
    next: { byte: 0, line: 1 },
    fileBytes: 0,
    columns: null,
    uploadKey: new Binary(randomBytes(32)),
    uploadUntil: new Date(createdAt.getTime() + UPLOAD_WITHIN_MS),
    lease: null,
  };
  await insertImport(services.collections, { ...row, events: [] });
  const query = `expires=${row.uploadUntil.getTime()}&signature=${signatureOf(row).toString('base64url')}`;
  return ok({ import: row, uploadUrl: `${services.publicUrl}${IMPORTS_PATH}${row._id}?${query}` });
}

/** Each import has a key of its own, so processes need none in common. */
function signatureOf({ _id, uploadKey, uploadUntil }: ImportDocument): Buffer {
  return createHmac('sha256', uploadKey.value()).update(`PUT ${_id} ${uploadUntil.getTime()}`).digest();
}

export function isSignedFor(row: ImportDocument, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url');
  const right = signatureOf(row);
  return given.length === right.length && timingSafeEqual(given, right);
}

/** The batch that is being written is written to its end. */
export async function cancelImport(
  services: Services,
  actor: Actor,
  { importId }: { importId: string },
): Promise<Outcome<ImportDocument>> {
  const { collections } = services;
  const event = outgoing(services, actor, {
    type: 'catalog.import.ended',
    data: { importId, state: 'CANCELLED' },
  });
  const stopped = await stopImport(collections, importId, services.now(), event);
  if (stopped) {
    await deleteChunks(collections, [importId]);
    return ok(stopped);
  }
  const [current] = await findImports(collections, [importId]);
  if (!current) return refused(importNotFound());
  return {
    ...refused(conflict('IMPORT_FINISHED', 'It is too late: this import has ended', 'importId')),
    current,
  };
}

/** Those whose file never came. */
export async function dropForgottenImports({ collections, now }: Services): Promise<void> {
  // Twice the time, so that an upload that began in the last minute can still end.
  const ids = await findForgotten(collections, new Date(now().getTime() - 2 * UPLOAD_WITHIN_MS));
  if (ids.length === 0) return;
  await deleteChunks(collections, ids);
  await deleteForgotten(collections, ids);
}
