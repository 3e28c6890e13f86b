/**
 * Relay connections on keyset pages. A resolver reads its arguments with `parsePage`, a store fetches one row more than
 * the page has (connections-postgres.ts, connections-mongodb.ts), and `connectionOf` shapes the answer.
 */

import { badUserInput } from '../errors/errors.ts';
import { decodeCursor, encodeCursor, type Order, type SortKeyValue, valueAt } from './cursors.ts';

/** The arguments of a list field, as GraphQL hands them over. */
export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface Page {
  size: number;
  /** Whether the page is taken from the end of the list. */
  backward: boolean;
  after?: string;
  before?: string;
}

export interface PageLimits {
  max: number;
  default: number;
}

export interface Edge<Node> {
  readonly cursor: string;
  node: Node;
}

export interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Connection<Node> {
  edges: Edge<Node>[];
  nodes: Node[];
  pageInfo: PageInfo;
  /** Called only when the field is asked for. */
  totalCount?: () => Promise<number>;
}

const LIMITS: PageLimits = { max: 100, default: 20 };

export function parsePage(args: PageArguments, limits: PageLimits = LIMITS): Page {
  const { first, after, last, before } = args;
  if (given(first) && given(last)) {
    throw badUserInput('`first` and `last` cannot be used together; leave one of them out', 'last');
  }
  const page: Page = {
    size: given(first)
      ? sizeOf('first', first, limits)
      : given(last)
        ? sizeOf('last', last, limits)
        : limits.default,
    backward: given(last),
  };
  if (given(after)) page.after = after;
  if (given(before)) page.before = before;
  return page;
}

function given<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

function sizeOf(argument: 'first' | 'last', size: number, { max }: PageLimits): number {
  if (Number.isInteger(size) && size >= 1 && size <= max) return size;
  throw badUserInput(`\`${argument}\` must be from 1 to ${max}, but is ${size}`, argument);
}

/** What a store needs to fetch a page: where it starts and ends, in which direction to read, and how many rows. */
export interface KeysetRead {
  after?: SortKeyValue[];
  before?: SortKeyValue[];
  /** One more than the page has, which tells whether the list goes on. */
  limit: number;
}

export function readOf(order: Order, page: Page): KeysetRead {
  const read: KeysetRead = { limit: page.size + 1 };
  if (page.after !== undefined) read.after = decodeCursor(order, page.after, 'after');
  if (page.before !== undefined) read.before = decodeCursor(order, page.before, 'before');
  return read;
}

/** `rows` as fetched: in the direction of reading, with the one row too many when the list goes on. */
export function connectionOf<Node>(
  order: Order,
  page: Page,
  rows: readonly Node[],
  totalCount?: () => Promise<number>,
): Connection<Node> {
  const nodes = rows.slice(0, page.size);
  const goesOn = rows.length > page.size;
  if (page.backward) nodes.reverse();
  const cursorAt = (index: number) => {
    const node = nodes.at(index);
    return node === undefined ? null : encodeCursor(order, node);
  };
  return {
    nodes,
    edges: nodes.map((node) => ({
      node,
      // A getter, since most clients never ask for it and a checksum costs more than the rest of an edge.
      get cursor() {
        return encodeCursor(order, node);
      },
    })),
    pageInfo: {
      // Behind a cursor there was at least the row that it marks.
      hasNextPage: page.backward ? page.before !== undefined : goesOn,
      hasPreviousPage: page.backward ? goesOn : page.after !== undefined,
      get startCursor() {
        return cursorAt(0);
      },
      get endCursor() {
        return cursorAt(-1);
      },
    },
    ...(totalCount ? { totalCount } : {}),
  };
}

/** A page of rows that are already in memory, such as the variants of a product, by the same rules. */
export function connectionInMemory<Node>(order: Order, page: Page, rows: readonly Node[]): Connection<Node> {
  const { after, before, limit } = readOf(order, page);
  const compare = comparisonOf(order);
  const inside = rows
    .filter((row) => !after || compare(keysOf(order, row), after) > 0)
    .filter((row) => !before || compare(keysOf(order, row), before) < 0)
    .sort((a, b) => compare(keysOf(order, a), keysOf(order, b)));
  if (page.backward) inside.reverse();
  return connectionOf(order, page, inside.slice(0, limit), async () => rows.length);
}

function keysOf(order: Order, row: unknown): SortKeyValue[] {
  return order.keys.map((key) => valueAt(row, key.field) as SortKeyValue);
}

function comparisonOf(order: Order) {
  return (a: readonly SortKeyValue[], b: readonly SortKeyValue[]): number => {
    for (const [index, { direction }] of order.keys.entries()) {
      const [x, y] = [a[index]!, b[index]!];
      if (x < y) return direction === 'asc' ? -1 : 1;
      if (x > y) return direction === 'asc' ? 1 : -1;
    }
    return 0;
  };
}
