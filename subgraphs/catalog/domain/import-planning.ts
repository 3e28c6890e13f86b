/**
 * Decides what a batch of rows does, without writing anything: row after row upon the products as they stand, so that
 * several rows may be about the same one. A batch may be planned again after a crash, on products that it has written
 * already; those carry the import's stamp, and keep the counts that they had then.
 */
import type { ProductDocument } from '../store/product-document.ts';
import { mergeRow, type RowServices } from './import-merging.ts';
import { type Row, type RowFault, skuIn } from './import-rows.ts';
import { composeProduct } from './product-creation.ts';
import type { References } from './references.ts';
import { type CatalogRefusal, invalidValue, skuTaken } from './refusals.ts';

export interface Known extends References {
  /** By each of its slugs. */
  bySlug: ReadonlyMap<string, ProductDocument>;
  /** Whose it is. */
  ownerOfSku: ReadonlyMap<string, string>;
  categoryIdBySlug: ReadonlyMap<string, string>;
}

export interface Planned {
  /** Undefined for a new product. */
  base: ProductDocument | undefined;
  next: ProductDocument;
  created: number;
  updated: number;
  /** Written by an earlier run of this batch. */
  isDone: boolean;
}

export interface Plan {
  products: Planned[];
  faults: RowFault[];
  created: number;
  updated: number;
}

export function planRows(
  services: RowServices,
  importId: string,
  firstLine: number,
  rows: readonly Row[],
  known: Known,
): Plan {
  const plans = new Map<string, Planned>();
  const owners = new Map(known.ownerOfSku);
  const faults: RowFault[] = [];
  for (const row of rows) {
    const refusals = planRow(row);
    for (const { message, field } of refusals.slice(0, 5)) {
      faults.push({ line: row.line, sku: skuIn(row.typed), field: field?.join('.') ?? null, message });
    }
  }

  function planRow({ line, slug, typed: typedRow }: Row): readonly CatalogRefusal[] {
    const named = withCategoryIds(typedRow, known.categoryIdBySlug);
    if (typeof named === 'string')
      return [invalidValue(`There is no category “${named}”`, ['categorySlugs'])];
    const base = known.bySlug.get(slug);
    const key = base?._id ?? slug;
    const plan = plans.get(key);
    const current = plan?.next ?? base;
    const taken = named.variants.findIndex(({ sku }) => {
      const owner = owners.get(sku.trim());
      return owner !== undefined && owner !== (current?._id ?? '');
    });
    if (taken >= 0) return [skuTaken(named.variants[taken]!.sku, ['variants', taken, 'sku'])];
    if (!current) {
      const typed = { ...named, slug, categoryIds: named.categoryIds ?? [] };
      const composed = composeProduct(services, typed, known);
      if (!composed.ok) return composed.errors;
      const created = 1 + composed.value.variants.length;
      plans.set(key, stamped(undefined, composed.value, created, 0, line));
      return [];
    }
    const merged = mergeRow(services, current, named, known);
    if (!merged.ok) return merged.errors;
    const created = (plan?.created ?? 0) + merged.value.created;
    const updated = (plan?.updated ?? 0) + merged.value.updated;
    plans.set(key, stamped(base, merged.value.product, created, updated, line));
    return [];
  }

  function stamped(
    base: ProductDocument | undefined,
    product: ProductDocument,
    created: number,
    updated: number,
    line: number,
  ): Planned {
    for (const { sku } of product.variants) owners.set(sku, product._id);
    const stamp = base?.lastImport;
    if (stamp?.importId === importId && stamp.row >= firstLine) {
      return { base, next: product, created: stamp.created, updated: stamp.updated, isDone: true };
    }
    const lastImport = { importId, row: line, created, updated };
    return { base, next: { ...product, lastImport }, created, updated, isDone: false };
  }

  const products = [...plans.values()];
  return {
    products,
    faults,
    created: products.reduce((sum, { created }) => sum + created, 0),
    updated: products.reduce((sum, { updated }) => sum + updated, 0),
  };
}

/** The slug of a category that is not there, when one is not. */
function withCategoryIds(typed: Row['typed'], idBySlug: ReadonlyMap<string, string>): Row['typed'] | string {
  if (!typed.categorySlugs) return typed;
  const unknown = typed.categorySlugs.find((slug) => !idBySlug.has(slug));
  if (unknown !== undefined) return unknown;
  return {
    ...typed,
    categoryIds: [...(typed.categoryIds ?? []), ...typed.categorySlugs.map((slug) => idBySlug.get(slug)!)],
  };
}
