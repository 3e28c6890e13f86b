import { payload } from '@souk/kit/errors/payload';
import { moveCategory } from '../../domain/category-tree.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const categoryMove: MutationResolvers['categoryMove'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  requireId('cat', input.categoryId, 'input.categoryId');
  return payload(await moveCategory(services, actor, input), (category) => ({ category }));
};
