import { payload } from '@souk/kit/errors/payload';
import { updateCategoryTexts } from '../../domain/category-texts.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const categoryUpdate: MutationResolvers['categoryUpdate'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  requireId('cat', input.categoryId, 'input.categoryId');
  return payload(await updateCategoryTexts(services, actor, input), (category) => ({ category }));
};
