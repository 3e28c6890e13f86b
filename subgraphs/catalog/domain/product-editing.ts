/** Edits of a product. Each is based on a version that its editor saw, and goes through only when that still holds. */

import { violatedUnique } from '@souk/kit/errors/store-faults';
import { ok, type Result, refused } from '@souk/kit/errors/user-errors';
import type { CatalogEvent } from '../events.ts';
import type { ProductDocument } from '../store/product-document.ts';
import { findProducts, replaceProduct } from '../store/products.ts';
import { mergeFacts, type TypedFact } from './attribute-values.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import { checkMediaList, type TypedMedia } from './media.ts';
import { outgoing } from './outgoing.ts';
import { checkCategories } from './product-creation.ts';
import { nextState, shelvesOf } from './product-derivation.ts';
import { checkTexts, isGiven, type TypedTexts } from './product-texts.ts';
import { loadReferences } from './references.ts';
import {
  alreadyArchived,
  type CatalogRefusal,
  type Outcome,
  productNotFound,
  type RefusedWith,
  skuTaken,
  slugTaken,
  versionConflict,
} from './refusals.ts';
import type { Actor, Services } from './services.ts';

/** How often a write that met another one is tried again from the start. */
const MAX_TRIES = 10;

export interface ProductEdit {
  productId: string;
  expectedVersion: number;
}

export interface Change {
  fields: Partial<ProductDocument>;
  events: CatalogEvent[];
}

type Decision = { ok: true; value: Change } | RefusedWith<ProductDocument>;
/** Called again, with the newer product, when somebody else wrote in between. */
type Decide = (product: ProductDocument) => Decision | Promise<Decision>;

/** An edit of the product itself. Its version grows by one. */
export async function editProduct(
  services: Services,
  actor: Actor,
  { productId, expectedVersion }: ProductEdit,
  decide: Decide,
): Promise<Outcome<ProductDocument>> {
  return writeProduct(
    services,
    actor,
    () => loadProduct(services, productId),
    async (product) => {
      if (product.version !== expectedVersion) return versionConflict(product);
      const decided = await decide(product);
      if (!decided.ok) return decided;
      const { fields, events } = decided.value;
      return ok({ fields: { ...fields, version: product.version + 1 }, events });
    },
  );
}

/** Reads, decides and writes; once more when somebody else wrote in between. */
export async function writeProduct(
  services: Services,
  actor: Actor,
  load: () => Promise<Result<ProductDocument, CatalogErrorCode>>,
  decide: Decide,
): Promise<Outcome<ProductDocument>> {
  let product: ProductDocument | undefined;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const loaded = await load();
    if (!loaded.ok) return loaded;
    product = loaded.value;
    if (product.status === 'ARCHIVED') return { ...refused(alreadyArchived()), current: product };
    const decided = await decide(product);
    if (!decided.ok) return decided;
    const next = nextState(product, decided.value.fields, {
      now: services.now(),
      mark: services.newId('rct'),
    });
    const events = decided.value.events.map((event) => outgoing(services, actor, event));
    try {
      if (await replaceProduct(services.collections, product, next, events)) {
        if (next.recount?.mark !== product.recount?.mark) services.counting.wake();
        return ok(next);
      }
    } catch (error) {
      const refusal = refusalOfIndex(error, product, next);
      if (refusal) return refused(refusal);
      throw error;
    }
  }
  return versionConflict(product);
}

/** What was typed that another product has already. */
function refusalOfIndex(
  error: unknown,
  before: ProductDocument,
  next: ProductDocument,
): CatalogRefusal | undefined {
  const index = violatedUnique(error);
  if (index === undefined) return undefined;
  if (next.slug !== before.slug && !before.slugs.includes(next.slug) && !/sku/.test(index)) {
    return slugTaken(next.slug, ['slug']);
  }
  const known = new Set(before.variants.map(({ sku }) => sku));
  const sku = next.variants.find((variant) => !known.has(variant.sku))?.sku;
  return sku === undefined ? undefined : skuTaken(sku, ['sku']);
}

async function loadProduct(
  services: Services,
  id: string,
): Promise<Result<ProductDocument, CatalogErrorCode>> {
  const [product] = await findProducts(services.collections, [id]);
  return product ? ok(product) : refused(productNotFound());
}

export interface TypedProductChange extends ProductEdit, TypedTexts {
  categoryIds?: readonly string[] | null | undefined;
  attributes?: readonly TypedFact[] | null | undefined;
}

/** Parts that are left out stay. */
export async function updateProduct(
  services: Services,
  actor: Actor,
  typed: TypedProductChange,
): Promise<Outcome<ProductDocument>> {
  const texts = checkTexts(typed);
  const codes = (typed.attributes ?? []).map(({ code }) => code);
  const { categories, attributes } = await loadReferences(services, typed.categoryIds ?? [], codes);
  return editProduct(services, actor, typed, (product) => {
    const errors: CatalogRefusal[] = texts.ok ? [] : [...texts.errors];
    const fields: Partial<ProductDocument> = texts.ok ? { ...texts.value } : {};
    if (isGiven(typed.categoryIds)) {
      const checked = checkCategories(typed.categoryIds, categories, ['categoryIds']);
      if (!checked.ok) errors.push(...checked.errors);
      else {
        fields.categoryIds = checked.value;
        fields.shelfIds = shelvesOf(checked.value, categories);
      }
    }
    if (isGiven(typed.attributes)) {
      const merged = mergeFacts(product.attributes, typed.attributes, attributes, ['attributes']);
      if (merged.ok) fields.attributes = merged.value;
      else errors.push(...merged.errors);
    }
    if (errors.length > 0) return refused(...errors);
    return ok({ fields, events: [changed(product)] });
  });
}

export interface TypedMediaSet extends ProductEdit {
  media: readonly TypedMedia[];
}

/** What was there before keeps its id. */
export function setMedia(
  services: Services,
  actor: Actor,
  typed: TypedMediaSet,
): Promise<Outcome<ProductDocument>> {
  const checked = checkMediaList(services, typed.media, ['media']);
  return editProduct(services, actor, typed, (product) => {
    if (!checked.ok) return checked;
    const ids = new Map(product.media.map(({ url, id }) => [url, id]));
    const media = checked.value.map((item) => ({ ...item, id: takeId(ids, item) }));
    return ok({ fields: { media }, events: [changed(product)] });
  });
}

/** Once: a picture that is shown twice is two. */
function takeId(ids: Map<string, string>, { url, id }: { url: string; id: string }): string {
  const known = ids.get(url);
  ids.delete(url);
  return known ?? id;
}

export function archiveProduct(
  services: Services,
  actor: Actor,
  edit: ProductEdit,
): Promise<Outcome<ProductDocument>> {
  return editProduct(services, actor, edit, ({ _id: productId }) =>
    ok({
      fields: { status: 'ARCHIVED', publishAt: null, unpublishAt: null },
      events: [{ type: 'catalog.product.archived', data: { productId } }],
    }),
  );
}

function changed({ _id, version }: ProductDocument): CatalogEvent {
  return { type: 'catalog.product.changed', data: { productId: _id, version: version + 1 } };
}
