/** What a viewer may ask of the list of products, and what that means to the store. */

import type { Viewer } from '@souk/kit/auth/viewer';
import { badUserInput, soukError } from '@souk/kit/errors/errors';
import type { ProductStatus } from '../store/product-document.ts';
import type { ProductNarrowing } from '../store/product-lists.ts';
import { isStaff } from './visibility.ts';

/** More values than a page of facets offers. */
const MAX_VALUES = 100;

export interface TypedFilter {
  categoryIds?: readonly string[] | null | undefined;
  brands?: readonly string[] | null | undefined;
  statuses?: readonly ProductStatus[] | null | undefined;
  attributes?: readonly { code: string; values: readonly string[] }[] | null | undefined;
  updatedAt?: { from?: Date | null | undefined; to?: Date | null | undefined } | null | undefined;
}

export function narrowedFor(viewer: Viewer, filter: TypedFilter): ProductNarrowing {
  const { categoryIds, brands, attributes, updatedAt } = filter;
  bounded(categoryIds, 'categoryIds');
  bounded(brands, 'brands');
  bounded(attributes, 'attributes');
  for (const { values } of attributes ?? []) bounded(values, 'attributes');
  return {
    statuses: statusesFor(viewer, filter.statuses),
    shelfIds: categoryIds ?? undefined,
    brands: brands ?? undefined,
    facts: attributes?.map(({ code, values }) => values.map((value) => `${code}=${value}`)),
    updatedFrom: updatedAt?.from ?? undefined,
    updatedTo: updatedAt?.to ?? undefined,
  };
}

function statusesFor(
  viewer: Viewer,
  typed: readonly ProductStatus[] | null | undefined,
): readonly ProductStatus[] | undefined {
  const statuses = typed ? [...new Set(typed)] : undefined;
  if (isStaff(viewer)) return statuses;
  if (statuses?.some((status) => status !== 'PUBLISHED')) {
    throw soukError('FORBIDDEN', 'Products that are not published need the scope catalog:read', {
      argument: 'filter.statuses',
    });
  }
  return statuses ?? ['PUBLISHED'];
}

function bounded(values: readonly unknown[] | null | undefined, field: string): void {
  if (!values || values.length <= MAX_VALUES) return;
  throw badUserInput(`\`filter.${field}\` takes at most ${MAX_VALUES} values`, `filter.${field}`);
}
