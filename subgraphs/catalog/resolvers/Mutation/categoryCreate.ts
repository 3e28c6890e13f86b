import { payload } from '@souk/kit/errors/payload';
import { createCategory } from '../../domain/category-tree.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireScope } from '../authorise.ts';

export const categoryCreate: MutationResolvers['categoryCreate'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  return payload(await createCategory(services, actor, input), (category) => ({ category }));
};
