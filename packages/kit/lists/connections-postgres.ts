/** Keyset pages in PostgreSQL, through Drizzle. One index over the order's columns serves every page. */
import { and, Column, eq, gt, gte, is, lt, lte, or, type SQL, sql, type Table } from 'drizzle-orm';
import { type KeysetRead, type Page, readOf } from './connections.ts';
import type { Order, SortKey, SortKeyValue } from './cursors.ts';

export interface PostgresPage {
  /** Nothing on the first page. Put it beside the list's own conditions: `and(mine, page.where)`. */
  where: SQL | undefined;
  orderBy: SQL[];
  limit: number;
}

/** A table, or the columns of a query, by the names that the order uses. */
export type KeysetColumns = Table | Record<string, Column>;

type Side = 'after' | 'before';

export function postgresPage(order: Order, page: Page, columns: KeysetColumns): PostgresPage {
  const keys = order.keys.map((key) => ({ ...key, column: columnOf(order, key, columns) }));
  const read = readOf(order, page);
  return {
    where: and(bound(keys, read, 'after'), bound(keys, read, 'before')),
    orderBy: keys.map(({ column, direction }) =>
      (direction === 'asc') !== page.backward ? sql`${column} asc` : sql`${column} desc`,
    ),
    limit: read.limit,
  };
}

interface ColumnKey extends SortKey {
  column: Column;
}

function columnOf(order: Order, { field, type }: SortKey, columns: KeysetColumns): Column {
  const column = (columns as Record<string, unknown>)[field];
  if (!is(column, Column)) throw new Error(`${order.list} is ordered by ${field}, which is no column of it`);
  // JavaScript's dates end at milliseconds: finer instants in a column would make pages skip rows.
  if (type === 'instant' && !/\(3\)/.test(column.getSQLType())) {
    throw new Error(`${order.list} is ordered by ${column.name}: declare it with { precision: 3 }`);
  }
  return column;
}

/** `(a, b) < (x, y)` reads one stretch of an index. Directions that differ within an order need it spelled out. */
function bound(keys: readonly ColumnKey[], read: KeysetRead, side: Side): SQL | undefined {
  const values = read[side];
  if (!values) return undefined;
  const [first] = keys;
  if (keys.every((key) => key.direction === first!.direction)) return rowComparison(keys, values, side);
  const atOrBeyond = isRising(first!, side) ? gte : lte;
  return and(atOrBeyond(first!.column, values[0]), beyond(keys, values, side));
}

function rowComparison(keys: readonly ColumnKey[], values: readonly SortKeyValue[], side: Side): SQL {
  const columns = sql.join(
    keys.map(({ column }) => sql`${column}`),
    sql`, `,
  );
  const parameters = sql.join(
    keys.map(({ column }, index) => sql`${sql.param(values[index], column)}`),
    sql`, `,
  );
  return isRising(keys[0]!, side) ? sql`(${columns}) > (${parameters})` : sql`(${columns}) < (${parameters})`;
}

function beyond(keys: readonly ColumnKey[], values: readonly SortKeyValue[], side: Side): SQL | undefined {
  const [key, ...otherKeys] = keys;
  const [value, ...otherValues] = values;
  const further = isRising(key!, side) ? gt(key!.column, value) : lt(key!.column, value);
  if (otherKeys.length === 0) return further;
  return or(further, and(eq(key!.column, value), beyond(otherKeys, otherValues, side)));
}

function isRising(key: SortKey, side: Side): boolean {
  return (key.direction === 'asc') === (side === 'after');
}
