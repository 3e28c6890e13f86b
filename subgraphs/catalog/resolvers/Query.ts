import { badUserInput } from '@souk/kit/errors/errors';
import { connectionOf, parsePage } from '@souk/kit/lists/connections';
import { isId } from '@souk/kit/values/ids';
import { narrowedFor } from '../domain/product-filter.ts';
import { isSlug } from '../domain/slugs.ts';
import { maySeeProduct } from '../domain/visibility.ts';
import type { QueryResolvers } from '../generated/resolver-types.ts';
import { ATTRIBUTES_BY_CODE, listAttributes } from '../store/attributes.ts';
import { findChildren } from '../store/categories.ts';
import { listImports, NEWEST_IMPORTS } from '../store/imports.ts';
import { listProducts, PRODUCT_ORDERS } from '../store/product-lists.ts';
import { requireId, requireScope } from './authorise.ts';

const MAX_IDS = 100;

export const Query: QueryResolvers = {
  product: async (_, { id }, { viewer, loaders }) => {
    const product = await loaders.products.load(requireId('prd', id, 'id'));
    return product && maySeeProduct(viewer, product) ? product : null;
  },

  productBySlug: async (_, { slug }, { viewer, loaders }) => {
    const product = isSlug(slug) ? await loaders.productsBySlug.load(slug) : undefined;
    return product && maySeeProduct(viewer, product) ? product : null;
  },

  productsByIds: async (_, { ids }, { viewer, loaders }) => {
    if (ids.length > MAX_IDS)
      throw badUserInput(`\`ids\` takes at most ${MAX_IDS} ids, not ${ids.length}`, 'ids');
    const products = await Promise.all(
      ids.map((id) => (isId('prd', id) ? loaders.products.load(id) : undefined)),
    );
    return products.map((product) => (product && maySeeProduct(viewer, product) ? product : null));
  },

  products: async (_, { filter, sort, ...args }, { viewer, services }) => {
    const page = parsePage(args);
    const order = sort ?? 'NEWEST';
    for (const [index, id] of (filter?.categoryIds ?? []).entries()) {
      requireId('cat', id, `filter.categoryIds.${index}`);
    }
    const rows = await listProducts(services.collections, narrowedFor(viewer, filter ?? {}), order, page);
    return connectionOf(PRODUCT_ORDERS[order], page, rows);
  },

  variant: async (_, { id }, { viewer, loaders }) => {
    const found = await loaders.variants.load(requireId('var', id, 'id'));
    return found && maySeeProduct(viewer, found.product) ? found : null;
  },

  variantBySku: async (_, { sku }, { viewer, loaders }) => {
    const found = await loaders.variantsBySku.load(sku);
    return found && maySeeProduct(viewer, found.product) ? found : null;
  },

  category: async (_, { id }, { loaders }) =>
    (await loaders.categories.load(requireId('cat', id, 'id'))) ?? null,

  categoryBySlug: async (_, { slug }, { loaders }) =>
    isSlug(slug) ? ((await loaders.categoriesBySlug.load(slug)) ?? null) : null,

  rootCategories: (_, __, { services }) => findChildren(services.collections, [null]),

  attributes: async (_, args, { services }) => {
    const page = parsePage(args);
    return connectionOf(ATTRIBUTES_BY_CODE, page, await listAttributes(services.collections, page));
  },

  productImport: async (_, { id }, { viewer, loaders }) => {
    requireScope(viewer, 'catalog:write');
    return (await loaders.imports.load(requireId('imp', id, 'id'))) ?? null;
  },

  productImports: async (_, args, { viewer, services }) => {
    requireScope(viewer, 'catalog:write');
    const page = parsePage(args);
    return connectionOf(NEWEST_IMPORTS, page, await listImports(services.collections, page));
  },
};
