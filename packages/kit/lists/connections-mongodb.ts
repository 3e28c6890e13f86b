/** Keyset pages in MongoDB. One index over the list's own conditions and the order's fields serves every page. */
import type { Document, Filter, SortDirection } from 'mongodb';
import { type KeysetRead, type Page, readOf } from './connections.ts';
import type { Order, SortKey, SortKeyValue } from './cursors.ts';

export interface MongodbPage<Row extends Document> {
  filter: Filter<Row>;
  sort: Record<string, SortDirection>;
  limit: number;
}

type Side = 'after' | 'before';

/** `filter` is the list's own. */
export function mongodbPage<Row extends Document>(
  order: Order,
  page: Page,
  filter: Filter<Row> = {},
): MongodbPage<Row> {
  const read = readOf(order, page);
  const sort: Record<string, SortDirection> = {};
  for (const { field, direction } of order.keys)
    sort[field] = (direction === 'asc') !== page.backward ? 1 : -1;
  return { filter: within(order, read, filter), sort, limit: read.limit };
}

function within<Row extends Document>(order: Order, read: KeysetRead, filter: Filter<Row>): Filter<Row> {
  const bounds = (['after', 'before'] as const).flatMap((side) => {
    const values = read[side];
    return values ? [bound(order.keys, values, side)] : [];
  });
  const conditions = [filter, ...bounds] as Document[];
  const names = conditions.flatMap((condition) => Object.keys(condition));
  // Flat when no condition hides another: that is what planners read best.
  const merged =
    new Set(names).size === names.length ? Object.assign({}, ...conditions) : { $and: conditions };
  return merged as Filter<Row>;
}

/**
 * `{ a: { $lte: x }, $or: [{ a: { $lt: x } }, { a: x, b: { $lt: y } }] }`. The first part says nothing new, but gives the
 * index its stretch; without it every deep page would be read from the list's start.
 */
function bound(keys: readonly SortKey[], values: readonly SortKeyValue[], side: Side): Document {
  const [first] = keys;
  if (keys.length === 1) return { [first!.field]: { [isRising(first!, side) ? '$gt' : '$lt']: values[0] } };
  const alternatives = keys.map((key, index) => {
    const ties = keys.slice(0, index).map((tie, position) => [tie.field, values[position]]);
    return {
      ...Object.fromEntries(ties),
      [key.field]: { [isRising(key, side) ? '$gt' : '$lt']: values[index] },
    };
  });
  return { [first!.field]: { [isRising(first!, side) ? '$gte' : '$lte']: values[0] }, $or: alternatives };
}

function isRising(key: SortKey, side: Side): boolean {
  return (key.direction === 'asc') === (side === 'after');
}
