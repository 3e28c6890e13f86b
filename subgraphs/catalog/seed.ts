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
import { loadReferences } from './domain/references.ts';
import type { CatalogRefusal } from './domain/refusals.ts';
import type { Actor, Services } from './domain/services.ts';
import type { AttributeDocument } from './store/attribute-document.ts';
import { insertCategories } from './store/categories.ts';
import type { CategoryDocument } from './store/category-document.ts';
import { insertProducts } from './store/products.ts';

export interface SeedCategory {
  slug: string;
  name: string;
  description: string;
  /** Slug of one that stands before it in the list; undefined at the top. */
  parent?: string | undefined;
}

export interface SeedProduct extends Omit<TypedProduct, 'categoryIds'> {
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

/** Whether somebody has put anything into this catalog. */
export async function isCatalogEmpty({ collections }: Services): Promise<boolean> {
  return (await collections.categories.findOne({}, { projection: { _id: 1 } })) === null;
}

/** Answers the id of each by its slug. For a catalog that has none yet. */
export async function seedCategories(
  services: Services,
  typed: readonly SeedCategory[],
): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, CategoryDocument>();
  for (const { slug, name, description, parent: parentSlug } of typed) {
    const checked = checkCategoryTexts({ slug, name, description });
    if (!checked.ok) throw faults(`category ${slug}`, checked.errors);
    const parent = parentSlug === undefined ? undefined : made.get(parentSlug);
    if (parentSlug !== undefined && !parent)
      throw new Error(`category ${slug} hangs below ${parentSlug}, which is not before it`);
    const parentId = parent?._id ?? null;
    made.set(slug, {
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
    });
  }
  const rows = [...made.values()].map((category) => newCategory(services, NOBODY, category));
  await insertCategories(services.collections, rows);
  return new Map([...made].map(([slug, { _id }]) => [slug, _id]));
}

export async function seedAttributes(
  services: Services,
  typed: readonly TypedAttribute[],
): Promise<AttributeDocument[]> {
  return Promise.all(
    typed.map(async (attribute) => {
      const saved = await saveAttribute(services, NOBODY, attribute);
      if (!saved.ok) throw faults(`attribute ${attribute.code}`, saved.errors);
      return saved.value;
    }),
  );
}

/** In the order given. `onProgress` is told how many are done. */
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
    const products = typed
      .slice(from, from + BATCH)
      .map(({ categorySlug, coverAlt, publishedAt, ...product }) => {
        const then = { ...services, now: () => publishedAt };
        const composed = composeProduct(
          then,
          { ...product, categoryIds: [categoryIds.get(categorySlug) ?? ''] },
          references,
        );
        if (!composed.ok) throw faults(`product ${product.title}`, composed.errors);
        const media = [drawnCover(services, composed.value._id, coverAlt), ...composed.value.media];
        const published = publishedState(
          then,
          NOBODY,
          newProduct(services, NOBODY, { ...composed.value, media }),
        );
        if (!published.ok) throw faults(`product ${product.title}`, published.errors);
        return published.value;
      });
    await insertProducts(services.collections, products);
    seeded.push(
      ...products.map(({ _id, slug, variants }) => ({
        id: _id,
        slug,
        variantIds: variants.map(({ id }) => id),
      })),
    );
    onProgress(seeded.length);
  }
  await recountShelves(services);
  return seeded;
}

function faults(what: string, errors: readonly CatalogRefusal[]): Error {
  return new Error(`${what} was refused: ${errors.map(({ message }) => message).join('; ')}`);
}
