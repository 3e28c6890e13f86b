/** Lists of products. Each query names the index that it walks along, so that no planner is tempted to sort instead. */

import type { Page } from '@souk/kit/lists/connections';
import { mongodbPage } from '@souk/kit/lists/connections-mongodb';
import { ascending, defineOrder, descending, type Order } from '@souk/kit/lists/cursors';
import type { Filter } from 'mongodb';
import type { Collections } from './collections.ts';
import type { ProductDocument, ProductStatus, StoredProduct } from './product-document.ts';
import { WITHOUT_EVENTS } from './products.ts';

export type ProductSort = 'NEWEST' | 'TITLE' | 'UPDATED';

export const PRODUCT_ORDERS: Record<ProductSort, Order> = {
  NEWEST: defineOrder('products.newest', [descending('freshAt', 'instant'), descending('_id', 'text')]),
  TITLE: defineOrder('products.title', [ascending('titleKey', 'text'), ascending('_id', 'text')]),
  UPDATED: defineOrder('products.updated', [descending('updatedAt', 'instant'), descending('_id', 'text')]),
};

/** Conditions add up; what is left out narrows nothing. */
export interface ProductNarrowing {
  statuses?: readonly ProductStatus[] | undefined;
  /** On one of these, or below. */
  shelfIds?: readonly string[] | undefined;
  /** On exactly this one. */
  categoryId?: string | undefined;
  brands?: readonly string[] | undefined;
  /** `code=value`: any of each group. */
  facts?: readonly (readonly string[])[] | undefined;
  updatedFrom?: Date | undefined;
  updatedTo?: Date | undefined;
}

const INDEX_ENDS: Record<ProductSort, string> = { NEWEST: 'newest', TITLE: 'title', UPDATED: 'updated' };

export function listProducts(
  { products }: Pick<Collections, 'products'>,
  narrow: ProductNarrowing,
  sort: ProductSort,
  page: Page,
): Promise<ProductDocument[]> {
  const shelf = narrow.categoryId ?? (narrow.shelfIds?.length === 1 ? narrow.shelfIds[0] : undefined);
  const one = narrow.statuses?.length === 1;
  const stretch = one && shelf !== undefined ? 'shelf' : one ? 'status' : 'all';
  const {
    filter,
    sort: order,
    limit,
  } = mongodbPage<StoredProduct>(PRODUCT_ORDERS[sort], page, filterOf(narrow));
  return products
    .find<ProductDocument>(filter, { projection: WITHOUT_EVENTS })
    .sort(order)
    .limit(limit)
    .hint(`${stretch}_${INDEX_ENDS[sort]}`)
    .toArray();
}

function filterOf(narrow: ProductNarrowing): Filter<StoredProduct> {
  const filter: Filter<StoredProduct> = {};
  const { statuses, shelfIds, categoryId, brands, facts, updatedFrom, updatedTo } = narrow;
  if (statuses) filter.status = anyOf(statuses);
  if (categoryId !== undefined) {
    // The first part says nothing new, but is what the index begins with.
    filter.shelfIds = categoryId;
    filter.categoryIds = categoryId;
  } else if (shelfIds) filter.shelfIds = anyOf(shelfIds);
  if (brands) filter.brand = anyOf(brands);
  const conditions: Filter<StoredProduct>[] = (facts ?? []).map((group) => ({ facts: { $in: [...group] } }));
  if (updatedFrom || updatedTo) {
    // Beside the bounds of a page over the same field, not merged with them.
    conditions.push({
      updatedAt: { ...(updatedFrom ? { $gte: updatedFrom } : {}), ...(updatedTo ? { $lt: updatedTo } : {}) },
    });
  }
  if (conditions.length > 0) filter.$and = conditions;
  return filter;
}

function anyOf<Value>(values: readonly Value[]): Value | { $in: Value[] } {
  return values.length === 1 ? values[0]! : { $in: [...values] };
}
