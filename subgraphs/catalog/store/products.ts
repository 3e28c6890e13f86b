/** Products found by their keys, and written as a whole. */
import type { OutgoingEvent } from '../events.ts';
import type { Collections } from './collections.ts';
import type { ProductDocument, StoredProduct } from './product-document.ts';

type Products = Pick<Collections, 'products'>;

/** Readers have no use for what waits to be told. */
export const WITHOUT_EVENTS = { events: 0 } as const;
const read = { projection: WITHOUT_EVENTS } as const;

export function findProducts({ products }: Products, ids: readonly string[]): Promise<ProductDocument[]> {
  return products.find<ProductDocument>({ _id: { $in: [...ids] } }, read).toArray();
}

/** By slugs of now or of earlier. */
export function findProductsBySlug(
  { products }: Products,
  slugs: readonly string[],
): Promise<ProductDocument[]> {
  return products.find<ProductDocument>({ slugs: { $in: [...slugs] } }, read).toArray();
}

export function findProductsByVariant(
  { products }: Products,
  ids: readonly string[],
): Promise<ProductDocument[]> {
  return products.find<ProductDocument>({ 'variants.id': { $in: [...ids] } }, read).toArray();
}

export function findProductsBySku(
  { products }: Products,
  skus: readonly string[],
): Promise<ProductDocument[]> {
  return products.find<ProductDocument>({ 'variants.sku': { $in: [...skus] } }, read).toArray();
}

/** Whether any product carries one of these facts. */
export async function isFactInUse(
  { products }: Products,
  facts: readonly string[],
): Promise<string | undefined> {
  const found = await products.findOne<ProductDocument>(
    { facts: { $in: [...facts] } },
    { projection: { facts: 1 } },
  );
  return found?.facts.find((fact) => facts.includes(fact));
}

/** A product that carries a fact of this attribute, whatever its value. */
export function findCarrier({ products }: Products, code: string): Promise<ProductDocument | null> {
  // Codes hold no `=`, and `>` is the next sign after it. One fact must lie between, not two on either side.
  const between = { $elemMatch: { $gte: `${code}=`, $lt: `${code}>` } };
  return products.findOne<ProductDocument>({ facts: between }, read);
}

export async function insertProducts({ products }: Products, rows: readonly StoredProduct[]): Promise<void> {
  await products.insertMany([...rows], { ordered: false });
}

/** False when it was written since `base` was read. */
export async function replaceProduct(
  { products }: Products,
  base: Pick<ProductDocument, '_id' | 'revision'>,
  next: ProductDocument,
  events: readonly OutgoingEvent[],
): Promise<boolean> {
  const { updateOne } = replacement(base, next, events);
  const outcome = await products.updateOne(updateOne.filter, updateOne.update);
  return outcome.matchedCount === 1;
}

/** As one operation of a bulk write. */
export function replacement(
  base: Pick<ProductDocument, '_id' | 'revision'>,
  next: ProductDocument,
  events: readonly OutgoingEvent[],
) {
  const { _id, recount, lastImport, ...fields } = next;
  return {
    updateOne: {
      filter: { _id: base._id, revision: base.revision },
      update: {
        $set: { ...fields, ...(recount ? { recount } : {}), ...(lastImport ? { lastImport } : {}) },
        $push: { events: { $each: [...events] } },
      },
    },
  };
}
