import { payload } from '@souk/kit/errors/payload';
import { unpublishProduct } from '../../domain/publishing.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const productUnpublish: MutationResolvers['productUnpublish'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:publish');
  requireId('prd', input.productId, 'input.productId');
  return payload(await unpublishProduct(services, actor, input), (product) => ({ product }));
};
