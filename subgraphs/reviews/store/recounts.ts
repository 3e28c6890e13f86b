/**
 * Notes of counters that may be wrong. Who changes what is counted leaves a note first, then writes, counts, and takes
 * the note away: a note that is found after its time is left by a process that died half-way.
 */
import type { Collections } from './collections.ts';
import type { RecountDocument } from './recount-document.ts';

type Has = Pick<Collections, 'recounts'>;

export async function insertRecounts({ recounts }: Has, notes: readonly RecountDocument[]): Promise<void> {
  if (notes.length > 0) await recounts.insertMany([...notes]);
}

export async function deleteRecounts({ recounts }: Has, ids: readonly string[]): Promise<void> {
  await recounts.deleteMany({ _id: { $in: [...ids] } });
}

export async function findDueRecounts(
  { recounts }: Has,
  now: Date,
  limit: number,
): Promise<RecountDocument[]> {
  return recounts
    .find({ dueAt: { $lte: now } })
    .sort({ dueAt: 1 })
    .limit(limit)
    .toArray();
}

/** Whether somebody else is about to change what is counted, or was when they died. */
export async function findRecountsOf({ recounts }: Has, subjectId: string): Promise<RecountDocument[]> {
  return recounts.find({ subjectId }).toArray();
}

export async function postponeRecount({ recounts }: Has, id: string, dueAt: Date): Promise<void> {
  await recounts.updateOne({ _id: id }, { $set: { dueAt } });
}
