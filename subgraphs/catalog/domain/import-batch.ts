/** One batch of an import: what it names is read in one query a kind, planned, and written in one. */

import { violatedUnique } from '@souk/kit/errors/store-faults';
import { type AnyBulkWriteOperation, MongoBulkWriteError } from 'mongodb';
import { findCategoriesBySlug } from '../store/categories.ts';
import type { ImportDocument } from '../store/import-document.ts';
import { saveImportFailures } from '../store/import-failures.ts';
import type { ProductDocument, StoredProduct } from '../store/product-document.ts';
import { findProductsBySku, findProductsBySlug, replacement } from '../store/products.ts';
import { type Known, type Plan, type Planned, planRows } from './import-planning.ts';
import type { ReadRow, Row, RowFault } from './import-rows.ts';
import { outgoing } from './outgoing.ts';
import { newProduct } from './product-creation.ts';
import { loadReferences } from './references.ts';
import type { Services } from './services.ts';

/** How often a batch that met other writers is planned anew. */
const MAX_TRIES = 5;

export interface BatchOutcome {
  created: number;
  updated: number;
  failed: number;
}

export async function importBatch(
  services: Services,
  { _id: importId, isDryRun }: Pick<ImportDocument, '_id' | 'isDryRun'>,
  firstLine: number,
  read: readonly ReadRow[],
): Promise<BatchOutcome> {
  const rows = read.flatMap((one) => (one.ok ? [one.row] : []));
  let plan: Plan;
  for (let tries = 1; ; tries++) {
    plan = planRows(services, importId, firstLine, rows, await loadKnown(services, rows));
    if (isDryRun || (await write(services, plan.products))) break;
    // Editors were faster than five plans in a row; the next run of the sweeper begins the batch again.
    if (tries === MAX_TRIES)
      throw new Error(`lines from ${firstLine} of ${importId} keep meeting other writers`);
  }
  const faults = [...read.flatMap((one) => (one.ok ? [] : one.faults)), ...plan.faults];
  await saveFaults(services, importId, faults);
  return {
    created: plan.created,
    updated: plan.updated,
    failed: new Set(faults.map(({ line }) => line)).size,
  };
}

export async function saveFaults(
  services: Services,
  importId: string,
  faults: readonly RowFault[],
): Promise<void> {
  const counts = new Map<number, number>();
  const failures = faults.map(({ line, ...fault }) => {
    const number = counts.get(line) ?? 0;
    counts.set(line, number + 1);
    return { _id: `${importId}:${line}:${number}`, importId, row: line, ...fault };
  });
  await saveImportFailures(services.collections, failures);
}

async function loadKnown(services: Services, rows: readonly Row[]): Promise<Known> {
  const { collections } = services;
  const slugs = [...new Set(rows.map(({ slug }) => slug))];
  const skus = [...new Set(rows.flatMap(({ typed }) => typed.variants.map(({ sku }) => sku.trim())))];
  const shelfSlugs = [...new Set(rows.flatMap(({ typed }) => typed.categorySlugs ?? []))];
  const codes = rows.flatMap(({ typed }) => (typed.attributes ?? []).map(({ code }) => code));
  const [sameSlug, sameSku, shelves, references] = await Promise.all([
    findProductsBySlug(collections, slugs),
    findProductsBySku(collections, skus),
    shelfSlugs.length > 0 ? findCategoriesBySlug(collections, shelfSlugs) : [],
    loadReferences(
      services,
      rows.flatMap(({ typed }) => typed.categoryIds ?? []),
      codes,
    ),
  ]);
  return {
    bySlug: new Map(sameSlug.flatMap((product) => product.slugs.map((slug) => [slug, product] as const))),
    ownerOfSku: new Map(
      sameSku.flatMap(({ _id, variants }) => variants.map(({ sku }) => [sku, _id] as const)),
    ),
    categoryIdBySlug: new Map(
      shelves.flatMap(({ _id, slugs: all }) => all.map((slug) => [slug, _id] as const)),
    ),
    categories: new Map([...references.categories, ...shelves.map((shelf) => [shelf._id, shelf] as const)]),
    attributes: references.attributes,
  };
}

/** False when somebody else wrote one of them in between; what got through carries the stamp of this import. */
async function write(services: Services, planned: readonly Planned[]): Promise<boolean> {
  const operations = planned.flatMap((plan) => operationsOf(services, plan));
  if (operations.length === 0) return true;
  const updates = operations.filter((operation) => 'updateOne' in operation).length;
  try {
    const outcome = await services.collections.products.bulkWrite(operations, { ordered: false });
    services.counting.wake();
    return outcome.matchedCount === updates;
  } catch (error) {
    const isTaken = error instanceof MongoBulkWriteError && violatedUnique(error) !== undefined;
    // A slug or SKU that was free a moment ago: the next plan will see it.
    if (isTaken) return false;
    throw error;
  }
}

function operationsOf(
  services: Services,
  { base, next, isDone }: Planned,
): AnyBulkWriteOperation<StoredProduct>[] {
  if (isDone) return [];
  if (!base) return [{ insertOne: { document: newProduct(services, {}, next) } }];
  // Untouched by its rows; the stamp alone is not worth a write.
  if (next.revision === base.revision) return [];
  return [replacement(base, { ...next, revision: base.revision + 1 }, [changeOf(services, next)])];
}

function changeOf(services: Services, { _id, version }: ProductDocument) {
  return outgoing(services, {}, { type: 'catalog.product.changed', data: { productId: _id, version } });
}
