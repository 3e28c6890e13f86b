/**
 * The same page of a list for several owners at once: the reviews of twenty products, the questions of twenty. One owner
 * is one query; more are two, however many, of which the first reads nothing but an index.
 */
import type { Page } from '@souk/kit/lists/connections';
import { mongodbPage } from '@souk/kit/lists/connections-mongodb';
import type { Order } from '@souk/kit/lists/cursors';
import type { Collection, Document, Filter, WithId } from 'mongodb';

export interface OwnedList<Row extends Document> {
  collection: Collection<Row>;
  order: Order;
  /** Field that has the owner's id. */
  owner: string;
  /** The list's own conditions. */
  filter: Filter<Row>;
  /** What readers of a list leave out. */
  projection: Document;
}

/** Rows owner by owner, each as read: in the direction of the page, one more than it has. */
export async function pageOfOwners<Row extends Document>(
  list: OwnedList<Row>,
  ownerIds: readonly string[],
  page: Page,
): Promise<WithId<Row>[]> {
  if (ownerIds.length === 1) return (await cursorFor(list, ownerIds[0]!, page).toArray()) as WithId<Row>[];
  const ids = await idsOfPages(list, ownerIds, page);
  const { collection, projection } = list;
  const rows = await collection
    .find({ _id: { $in: ids } } as unknown as Filter<Row>, { projection })
    .toArray();
  const byId = new Map(rows.map((row) => [String(row._id), row]));
  // One that went between the two queries is left out.
  return ids.flatMap((id) => byId.get(id) ?? []) as WithId<Row>[];
}

/** The query of one owner's page; the tests explain it. */
export function cursorFor<Row extends Document>(list: OwnedList<Row>, ownerId: string, page: Page) {
  const { filter, sort, limit } = mongodbPage(list.order, page, {
    [list.owner]: ownerId,
    ...list.filter,
  } as Filter<Row>);
  return list.collection.find(filter, { projection: list.projection }).sort(sort).limit(limit);
}

export function pipelineFor<Row extends Document>(
  list: OwnedList<Row>,
  ownerIds: readonly string[],
  page: Page,
): Document[] {
  const { filter, sort, limit } = mongodbPage(list.order, page, {
    [list.owner]: { $in: [...ownerIds] },
    ...list.filter,
  } as Filter<Row>);
  return [
    { $match: filter },
    { $sort: sort },
    { $group: { _id: `$${list.owner}`, ids: { $push: '$_id' } } },
    { $project: { ids: { $slice: ['$ids', limit] } } },
  ];
}

async function idsOfPages<Row extends Document>(
  list: OwnedList<Row>,
  ownerIds: readonly string[],
  page: Page,
): Promise<string[]> {
  const groups = await list.collection
    .aggregate<{ ids: string[] }>(pipelineFor(list, ownerIds, page))
    .toArray();
  return groups.flatMap(({ ids }) => ids);
}
