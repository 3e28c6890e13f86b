/** What one request reads, batched: a thing, for however many keys it is asked by, is one query. */
import { loadMany, loadOne, type ManyLoader, type OneLoader } from '@souk/kit/graphql/loaders';
import DataLoader from 'dataloader';
import type { AttributeDocument } from './store/attribute-document.ts';
import { findAttributes } from './store/attributes.ts';
import { findCategories, findCategoriesBySlug, findChildren } from './store/categories.ts';
import type { CategoryDocument } from './store/category-document.ts';
import type { Collections } from './store/collections.ts';
import type { ImportDocument } from './store/import-document.ts';
import { findImports } from './store/imports.ts';
import type { ProductDocument, VariantOfProduct } from './store/product-document.ts';
import {
  findProducts,
  findProductsBySku,
  findProductsBySlug,
  findProductsByVariant,
} from './store/products.ts';

export interface Loaders {
  products: OneLoader<ProductDocument>;
  productsBySlug: OneLoader<ProductDocument>;
  variants: OneLoader<VariantOfProduct>;
  variantsBySku: OneLoader<VariantOfProduct>;
  categories: OneLoader<CategoryDocument>;
  categoriesBySlug: OneLoader<CategoryDocument>;
  childrenOfCategory: ManyLoader<CategoryDocument>;
  attributes: OneLoader<AttributeDocument>;
  imports: OneLoader<ImportDocument>;
}

export function createLoaders(collections: Collections): Loaders {
  return {
    products: loadOne(
      (ids) => findProducts(collections, ids),
      ({ _id }) => _id,
    ),
    productsBySlug: loadBySlug((slugs) => findProductsBySlug(collections, slugs)),
    variants: loadVariants(
      (ids) => findProductsByVariant(collections, ids),
      ({ id }) => id,
    ),
    variantsBySku: loadVariants(
      (skus) => findProductsBySku(collections, skus),
      ({ sku }) => sku,
    ),
    categories: loadOne(
      (ids) => findCategories(collections, ids),
      ({ _id }) => _id,
    ),
    categoriesBySlug: loadBySlug((slugs) => findCategoriesBySlug(collections, slugs)),
    childrenOfCategory: loadMany(
      (ids) => findChildren(collections, ids),
      ({ parentId }) => parentId!,
    ),
    attributes: loadOne(
      (codes) => findAttributes(collections, codes),
      ({ _id }) => _id,
    ),
    imports: loadOne(
      (ids) => findImports(collections, ids),
      ({ _id }) => _id,
    ),
  };
}

/** A thing answers to its slug and to every earlier one. */
function loadBySlug<Row extends { slugs: readonly string[] }>(
  fetch: (slugs: readonly string[]) => Promise<Row[]>,
): OneLoader<Row> {
  return new DataLoader(async (slugs) => {
    const rows = new Map(
      (await fetch(slugs)).flatMap((row) => row.slugs.map((slug) => [slug, row] as const)),
    );
    return slugs.map((slug) => rows.get(slug));
  });
}

function loadVariants(
  fetch: (keys: readonly string[]) => Promise<ProductDocument[]>,
  keyOf: (variant: VariantOfProduct['variant']) => string,
): OneLoader<VariantOfProduct> {
  return loadOne(
    async (keys) =>
      (await fetch(keys)).flatMap((product) => product.variants.map((variant) => ({ product, variant }))),
    ({ variant }) => keyOf(variant),
  );
}
