/**
 * Fills a shop from plain data, through the rules that every edit goes through: what they refuse, this refuses. In
 * batches, since a demo should not keep anybody waiting.
 */

import { saveAttribute, type TypedAttribute } from './domain/attribute-saving.ts';
import { checkCategoryTexts } from './domain/category-texts.ts';
import { newCategory, pathBelow } from './domain/category-tree.ts';
import { recountShelves } from './domain/counting.ts';
import { drawnCover } from './domain/media.ts';
import { composeProduct, newProduct, type TypedProduct } from './domain/product-creation.ts';
import { publishedState } from './domain/publishing.ts';
import { loadReferences, type References } from './domain/references.ts';
import type { CatalogRefusal } from './domain/refusals.ts';
import type { Actor, Services } from './domain/services.ts';
import type { AttributeDocument } from './store/attribute-document.ts';
import { findAttributes } from './store/attributes.ts';
import { findCategoriesBySlug, insertCategories } from './store/categories.ts';
import type { CategoryDocument, StoredCategory } from './store/category-document.ts';
import type { ProductDocument, StoredProduct } from './store/product-document.ts';
import { findProductsBySlug, insertProducts } from './store/products.ts';

export interface SeedCategory {
  slug: string;
  name: string;
  description: string;
  /** Slug of one that stands before it in the list; undefined at the top. */
  parent?: string | undefined;
}

export interface SeedProduct extends Omit<TypedProduct, 'categoryIds'> {
  slug: string;
  categorySlug: string;
  /** Alternative text of the cover, which the room draws. */
  coverAlt: string;
  /** When it appeared in the shop; nobody was there before. */
  publishedAt: Date;
}

export interface SeededProduct {
  id: string;
  slug: string;
  variantIds: string[];
}

const NOBODY: Actor = {};
const BATCH = 100;
const COUNT_WITHIN_MS = 60_000;

/** Whether somebody has put anything into this catalog. */
export async function isCatalogEmpty({ collections }: Services): Promise<boolean> {
  return (await collections.categories.findOne({}, { projection: { _id: 1 } })) === null;
}

/** Answers the id of each by its slug. Those that are there already are left as they are. */
export async function seedCategories(
  services: Services,
  typed: readonly SeedCategory[],
): Promise<ReadonlyMap<string, string>> {
  const known = await findCategoriesBySlug(
    services.collections,
    typed.map(({ slug }) => slug),
  );
  const made = new Map(known.map((category) => [category.slug, category]));
  const fresh: StoredCategory[] = [];
  for (const { slug, name, description, parent: parentSlug } of typed) {
    if (made.has(slug)) continue;
    const checked = checkCategoryTexts({ slug, name, description });
    if (!checked.ok) throw faults(`category ${slug}`, checked.errors);
    const parent = parentSlug === undefined ? undefined : made.get(parentSlug);
    if (parentSlug !== undefined && !parent)
      throw new Error(`category ${slug} hangs below ${parentSlug}, which is not before it`);
    const parentId = parent?._id ?? null;
    const category: CategoryDocument = {
      _id: services.newId('cat'),
      slug,
      slugs: [slug],
      name: checked.value.name!,
      description: checked.value.description ?? null,
      parentId,
      ancestorIds: pathBelow(parent),
      position: [...made.values()].filter((other) => other.parentId === parentId).length,
      productCount: 0,
      version: 1,
    };
    made.set(slug, category);
    fresh.push(newCategory(services, NOBODY, category));
  }
  if (fresh.length > 0) await insertCategories(services.collections, fresh);
  return new Map([...made].map(([slug, { _id }]) => [slug, _id]));
}

export async function seedAttributes(
  services: Services,
  typed: readonly TypedAttribute[],
): Promise<AttributeDocument[]> {
  return Promise.all(
    typed.map(async (attribute) => {
      const [known] = await findAttributes(services.collections, [attribute.code]);
      if (known) return known;
      const saved = await saveAttribute(services, NOBODY, attribute);
      if (!saved.ok) throw faults(`attribute ${attribute.code}`, saved.errors);
      return saved.value;
    }),
  );
}

/** In the order given, those that were there already among them. `onProgress` is told how many are done. */
export async function seedProducts(
  services: Services,
  categoryIds: ReadonlyMap<string, string>,
  typed: readonly SeedProduct[],
  onProgress: (done: number) => void = () => {},
): Promise<SeededProduct[]> {
  const codes = typed.flatMap(({ attributes }) => (attributes ?? []).map(({ code }) => code));
  const references = await loadReferences(services, [...categoryIds.values()], codes);
  const seeded: SeededProduct[] = [];
  for (let from = 0; from < typed.length; from += BATCH) {
    const batch = typed.slice(from, from + BATCH);
    const there = await findProductsBySlug(
      services.collections,
      batch.map(({ slug }) => slug),
    );
    const products = new Map<string, ProductDocument>(there.map((product) => [product.slug, product]));
    const fresh = batch
      .filter(({ slug }) => !products.has(slug))
      .map((product) => publishedProduct(services, categoryIds, references, product));
    if (fresh.length > 0) await insertProducts(services.collections, fresh);
    for (const product of fresh) products.set(product.slug, product);
    seeded.push(...batch.map(({ slug }) => seededProduct(products.get(slug)!)));
    onProgress(seeded.length);
  }
  // Its numbers are there when it ends, also when the room has begun to count by itself.
  await recountShelves(services, COUNT_WITHIN_MS);
  return seeded;
}

function publishedProduct(
  services: Services,
  categoryIds: ReadonlyMap<string, string>,
  references: References,
  { categorySlug, coverAlt, publishedAt, ...typed }: SeedProduct,
): StoredProduct {
  const then = { ...services, now: () => publishedAt };
  const onShelf = { ...typed, categoryIds: [categoryIds.get(categorySlug) ?? ''] };
  const composed = composeProduct(then, onShelf, references);
  if (!composed.ok) throw faults(`product ${typed.title}`, composed.errors);
  const product = composed.value;
  const media = [drawnCover(services, product._id, coverAlt), ...product.media];
  const published = publishedState(then, NOBODY, newProduct(services, NOBODY, { ...product, media }));
  if (!published.ok) throw faults(`product ${typed.title}`, published.errors);
  return published.value;
}

function seededProduct({ _id, slug, variants }: ProductDocument): SeededProduct {
  return { id: _id, slug, variantIds: variants.map(({ id }) => id) };
}

function faults(what: string, errors: readonly CatalogRefusal[]): Error {
  return new Error(`${what} was refused: ${errors.map(({ message }) => message).join('; ')}`);
}
