/** New products. They begin as drafts; nobody but staff sees them. */

import { violatedUnique } from '@souk/kit/errors/store-faults';
import { exhausted, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import type { ProductDocument, StoredProduct } from '../store/product-document.ts';
import { findProductsBySku, findProductsBySlug, insertProducts } from '../store/products.ts';
import { mergeFacts, type TypedFact } from './attribute-values.ts';
import type { CatalogErrorCode } from './error-codes.ts';
import { checkMediaList, type TypedMedia } from './media.ts';
import { outgoing } from './outgoing.ts';
import { factsOf, shelvesOf, titleKeyOf } from './product-derivation.ts';
import { checkTexts, type TypedTexts } from './product-texts.ts';
import { loadReferences, type References } from './references.ts';
import {
  type CatalogRefusal,
  categoryNotFound,
  invalidValue,
  type Path,
  skuTaken,
  slugTaken,
} from './refusals.ts';
import type { Actor, Services } from './services.ts';
import { freeSlug, slugOf, slugSeries } from './slugs.ts';
import { checkOptions, checkVariant, MAX_VARIANTS, type TypedOption, type TypedVariant } from './variants.ts';

export const MAX_CATEGORIES = 20;
const MAX_SLUG_TRIES = 5;

export interface TypedProduct extends TypedTexts {
  title: string;
  description: string;
  categoryIds: readonly string[];
  attributes?: readonly TypedFact[] | null | undefined;
  options?: readonly TypedOption[] | null | undefined;
  variants: readonly TypedVariant[];
  media?: readonly TypedMedia[] | null | undefined;
}

type Outcome = Result<ProductDocument, CatalogErrorCode>;

export async function createProduct(services: Services, actor: Actor, typed: TypedProduct): Promise<Outcome> {
  const { collections } = services;
  const references = await loadReferences(
    services,
    typed.categoryIds,
    (typed.attributes ?? []).map(({ code }) => code),
  );
  const composed = composeProduct(services, typed, references);
  if (!composed.ok) return composed;
  const product = composed.value;
  const isSlugOurs = typed.slug === null || typed.slug === undefined;
  for (let tries = 1; ; tries++) {
    try {
      await insertProducts(collections, [newProduct(services, actor, product)]);
      return ok(product);
    } catch (error) {
      // The indexes decide, so that of two who come at once one is refused.
      if (violatedUnique(error) === undefined) throw error;
      const sku = await takenSku(services, product);
      if (sku) return refused(sku);
      const slug = isSlugOurs && tries < MAX_SLUG_TRIES ? await nextSlug(services, product) : undefined;
      if (slug === undefined) return refused(slugTaken(product.slug, ['slug']));
      product.slug = slug;
      product.slugs = [slug];
    }
  }
}

async function takenSku(
  services: Services,
  { variants }: ProductDocument,
): Promise<CatalogRefusal | undefined> {
  const others = await findProductsBySku(
    services.collections,
    variants.map(({ sku }) => sku),
  );
  const skus = new Set(others.flatMap((other) => other.variants.map(({ sku }) => sku)));
  const index = variants.findIndex(({ sku }) => skus.has(sku));
  return index < 0 ? undefined : skuTaken(variants[index]!.sku, ['variants', index, 'sku']);
}

async function nextSlug(services: Services, { title }: ProductDocument): Promise<string | undefined> {
  const stem = slugOf(title)!;
  const others = await findProductsBySlug(services.collections, slugSeries(stem));
  return freeSlug(stem, new Set(others.flatMap(({ slugs }) => slugs)));
}

/** With the event that tells of it. */
export function newProduct(services: Services, actor: Actor, product: ProductDocument): StoredProduct {
  return {
    ...product,
    events: [
      outgoing(services, actor, { type: 'catalog.product.created', data: { productId: product._id } }),
    ],
  };
}

/** Everything but what only the indexes can tell: whether slug and SKUs are free. */
export function composeProduct(
  services: Pick<Services, 'now' | 'newId' | 'publicUrl' | 'mediaHosts'>,
  typed: TypedProduct,
  { categories, attributes }: References,
): Outcome {
  const errors: CatalogRefusal[] = [];
  const take = <Value>(result: Result<Value, CatalogErrorCode>, otherwise: Value): Value => {
    if (result.ok) return result.value;
    errors.push(...result.errors);
    return otherwise;
  };
  const checkedTexts = checkTexts(typed);
  const texts = take(checkedTexts, {});
  const categoryIds = take(checkCategories(typed.categoryIds, categories, ['categoryIds']), []);
  const facts = take(mergeFacts([], typed.attributes ?? [], attributes, ['attributes']), []);
  const options = checkOptions(typed.options ?? [], ['options']);
  // Without good options every variant would be blamed for them.
  const variants = options.ok ? take(checkVariants(services, typed.variants, options.value), []) : [];
  const media = take(checkMediaList(services, typed.media ?? [], ['media']), []);
  const slug = texts.slug ?? slugOf(typed.title);
  if (!options.ok) errors.push(...options.errors);
  if (slug === undefined && checkedTexts.ok) {
    errors.push(invalidValue('No slug can be made from this title; give one', ['slug']));
  }
  if (slug === undefined || !options.ok || errors.length > 0) return refused(...errors);
  const now = services.now();
  const product: ProductDocument = {
    _id: services.newId('prd'),
    slug,
    slugs: [slug],
    title: texts.title!,
    titleKey: titleKeyOf(texts.title!),
    description: texts.description!,
    brand: texts.brand ?? null,
    status: 'DRAFT',
    publishedAt: null,
    publishAt: null,
    unpublishAt: null,
    freshAt: now,
    categoryIds,
    shelfIds: shelvesOf(categoryIds, categories),
    attributes: facts,
    facts: factsOf(facts),
    options: options.value,
    variants,
    media,
    seo: texts.seo ?? { title: null, description: null },
    version: 1,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
  return ok(product);
}

/** Without repeats, in the order typed. */
export function checkCategories(
  typed: readonly string[],
  categories: References['categories'],
  path: Path,
): Result<string[], CatalogErrorCode> {
  const ids = [...new Set(typed)];
  if (ids.length > MAX_CATEGORIES) {
    return refused(exhausted('LIMIT_REACHED', `A product stands on at most ${MAX_CATEGORIES} shelves`, path));
  }
  const unknown = ids.filter((id) => !categories.has(id));
  return unknown.length > 0
    ? refused(...unknown.map((id) => categoryNotFound([...path, typed.indexOf(id)])))
    : ok(ids);
}

function checkVariants(
  services: Pick<Services, 'newId' | 'publicUrl' | 'mediaHosts'>,
  typed: readonly TypedVariant[],
  options: ProductDocument['options'],
): Result<ProductDocument['variants'], CatalogErrorCode> {
  if (typed.length === 0) return refused(invalidValue('A product has at least one variant', ['variants']));
  if (typed.length > MAX_VARIANTS) {
    return refused(
      exhausted('LIMIT_REACHED', `A product has at most ${MAX_VARIANTS} variants`, ['variants']),
    );
  }
  const errors: CatalogRefusal[] = [];
  const variants: ProductDocument['variants'] = [];
  for (const [index, variant] of typed.entries()) {
    const path = ['variants', index];
    const checked = checkVariant(services, variant, { options, variants }, path);
    if (!checked.ok) errors.push(...checked.errors);
    else if (variants.some(({ sku }) => sku === checked.value.sku)) {
      errors.push(skuTaken(checked.value.sku, [...path, 'sku']));
    } else variants.push(checked.value);
  }
  return errors.length > 0 ? refused(...errors) : ok(variants);
}
