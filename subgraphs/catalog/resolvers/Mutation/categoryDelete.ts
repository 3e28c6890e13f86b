import { payload } from '@souk/kit/errors/payload';
import { deleteCategory } from '../../domain/category-tree.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const categoryDelete: MutationResolvers['categoryDelete'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  requireId('cat', input.categoryId, 'input.categoryId');
  return payload(await deleteCategory(services, actor, input), (deletedCategoryId) => ({
    deletedCategoryId,
  }));
};
