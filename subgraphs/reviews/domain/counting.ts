/**
 * Counters stand in one document and what they count in others, and MongoDB's portable subset has no transaction over
 * both. So a note is left before anything is written and taken away when all of it is counted. Whoever dies in between
 * leaves the note, and recounting.ts counts anew.
 */
import type { CountedKind } from '../store/recount-document.ts';
import { deleteRecounts, insertRecounts } from '../store/recounts.ts';
import type { Services } from './services.ts';

/** Nobody takes as long; who does is dead. */
const TAKEN_FOR_DEAD_MS = 30_000;

export async function whileCounting<Value>(
  { stores, newId, now }: Services,
  kind: CountedKind,
  subjectIds: readonly string[],
  work: () => Promise<Value>,
): Promise<Value> {
  const dueAt = new Date(now().getTime() + TAKEN_FOR_DEAD_MS);
  const notes = subjectIds.map((subjectId) => ({ _id: newId('rct'), kind, subjectId, dueAt }));
  await insertRecounts(stores, notes);
  const value = await work();
  await deleteRecounts(
    stores,
    notes.map(({ _id }) => _id),
  );
  return value;
}
