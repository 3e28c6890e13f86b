import type { Page } from '@souk/kit/lists/connections';
import { mongodbPage } from '@souk/kit/lists/connections-mongodb';
import { ascending, defineOrder } from '@souk/kit/lists/cursors';
import type { OutgoingEvent } from '../events.ts';
import type { AttributeDocument, StoredAttribute } from './attribute-document.ts';
import type { Collections } from './collections.ts';

type Attributes = Pick<Collections, 'attributes'>;

const read = { projection: { events: 0 } } as const;

export const ATTRIBUTES_BY_CODE = defineOrder('attributes.code', [ascending('_id', 'text')]);

export function findAttributes(
  { attributes }: Attributes,
  codes: readonly string[],
): Promise<AttributeDocument[]> {
  return attributes.find<AttributeDocument>({ _id: { $in: [...codes] } }, read).toArray();
}

/** By code, without a page: for those who keep them all. */
export function firstAttributes({ attributes }: Attributes, limit: number): Promise<AttributeDocument[]> {
  return attributes.find<AttributeDocument>({}, read).sort({ _id: 1 }).limit(limit).toArray();
}

export function listAttributes({ attributes }: Attributes, page: Page): Promise<AttributeDocument[]> {
  const { filter, sort, limit } = mongodbPage<StoredAttribute>(ATTRIBUTES_BY_CODE, page);
  return attributes.find<AttributeDocument>(filter, read).sort(sort).limit(limit).toArray();
}

export async function insertAttribute({ attributes }: Attributes, row: StoredAttribute): Promise<void> {
  await attributes.insertOne(row);
}

/** False when it was edited since. */
export async function updateAttribute(
  { attributes }: Attributes,
  base: Pick<AttributeDocument, '_id' | 'version'>,
  next: AttributeDocument,
  event: OutgoingEvent,
): Promise<boolean> {
  const { _id, ...fields } = next;
  const outcome = await attributes.updateOne(
    { _id: base._id, version: base.version },
    { $set: fields, $push: { events: event } },
  );
  return outcome.matchedCount === 1;
}
