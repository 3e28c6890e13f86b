import { connectionOf, parsePage } from '@souk/kit/lists/connections';
import { isId } from '@souk/kit/values/ids';
import type { CategoryResolvers } from '../generated/resolver-types.ts';
import { listProducts, PRODUCT_ORDERS } from '../store/product-lists.ts';

export const Category: CategoryResolvers = {
  __resolveReference: async ({ id }, { loaders }) =>
    isId('cat', id) ? ((await loaders.categories.load(id)) ?? null) : null,
  id: ({ _id }) => _id,

  parent: async ({ parentId }, _, { loaders }) =>
    parentId === null ? null : ((await loaders.categories.load(parentId)) ?? null),

  ancestors: async ({ ancestorIds }, _, { loaders }) => {
    const ancestors = await Promise.all(ancestorIds.map((id) => loaders.categories.load(id)));
    return ancestors.filter((ancestor) => ancestor !== undefined);
  },

  children: ({ _id }, _, { loaders }) => loaders.childrenOfCategory.load(_id),

  products: async ({ _id }, { sort, includeDescendants, ...args }, { services }) => {
    const page = parsePage(args);
    const order = sort ?? 'NEWEST';
    const shelf = includeDescendants === false ? { categoryId: _id } : { shelfIds: [_id] };
    const narrow = { ...shelf, statuses: ['PUBLISHED'] as const };
    const rows = await listProducts(services.collections, narrow, order, page);
    return connectionOf(PRODUCT_ORDERS[order], page, rows);
  },
};
