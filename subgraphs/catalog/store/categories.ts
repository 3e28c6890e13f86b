/** The tree of shelves. */
import type { OutgoingEvent } from '../events.ts';
import type { CategoryDocument, StoredCategory } from './category-document.ts';
import type { Collections } from './collections.ts';

type Categories = Pick<Collections, 'categories'>;

const read = { projection: { events: 0 } } as const;

/** No category hangs below this one: where deleted ones go. */
export const NOWHERE = '~';

export async function findCategories(
  { categories }: Categories,
  ids: readonly string[],
): Promise<CategoryDocument[]> {
  const rows = await categories.find<CategoryDocument>({ _id: { $in: [...ids] } }, read).toArray();
  return rows.filter((row) => row.deletedAt === undefined);
}

export function findCategoriesBySlug(
  { categories }: Categories,
  slugs: readonly string[],
): Promise<CategoryDocument[]> {
  return categories.find<CategoryDocument>({ slugs: { $in: [...slugs] } }, read).toArray();
}

/** In display order. */
export function findChildren(
  { categories }: Categories,
  parentIds: readonly (string | null)[],
): Promise<CategoryDocument[]> {
  return categories
    .find<CategoryDocument>({ parentId: { $in: [...parentIds] } }, read)
    .sort({ parentId: 1, position: 1, _id: 1 })
    .toArray();
}

export function findBelow({ categories }: Categories, id: string): Promise<CategoryDocument[]> {
  return categories.find<CategoryDocument>({ ancestorIds: id }, read).toArray();
}

export async function insertCategories(
  { categories }: Categories,
  rows: readonly StoredCategory[],
): Promise<void> {
  await categories.insertMany([...rows], { ordered: false });
}

/** Null when it was edited since, or is gone. */
export function updateCategory(
  { categories }: Categories,
  id: string,
  expectedVersion: number,
  fields: Partial<CategoryDocument>,
  event: OutgoingEvent,
): Promise<CategoryDocument | null> {
  return categories.findOneAndUpdate(
    { _id: id, version: expectedVersion },
    { $set: fields, $inc: { version: 1 }, $push: { events: event } },
    { ...read, returnDocument: 'after' },
  );
}

export async function placeCategories(
  { categories }: Categories,
  places: readonly { id: string; position: number }[],
): Promise<void> {
  if (places.length === 0) return;
  await categories.bulkWrite(
    places.map(({ id, position }) => ({
      updateOne: { filter: { _id: id }, update: { $set: { position } } },
    })),
    { ordered: false },
  );
}

export async function pathCategories(
  { categories }: Categories,
  paths: readonly { id: string; ancestorIds: string[] }[],
): Promise<void> {
  if (paths.length === 0) return;
  await categories.bulkWrite(
    paths.map(({ id, ancestorIds }) => ({
      updateOne: { filter: { _id: id }, update: { $set: { ancestorIds } } },
    })),
    { ordered: false },
  );
}

export function findToSettle({ categories }: Categories, now: Date): Promise<StoredCategory[]> {
  return categories
    .find({ settleAt: { $lte: now } })
    .sort({ settleAt: 1 })
    .limit(100)
    .toArray();
}

/** Unless another move has come in between. */
export async function unmarkSettled({ categories }: Categories, id: string, settleAt: Date): Promise<void> {
  await categories.updateOne({ _id: id, settleAt }, { $unset: { settleAt: '' } });
  // A deleted one was kept for this, if not for events that it still has to tell.
  await categories.deleteOne({
    _id: id,
    deletedAt: { $exists: true },
    settleAt: { $exists: false },
    events: [],
  });
}
