import { payload } from '@souk/kit/errors/payload';
import { publishProduct } from '../../domain/publishing.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const productPublish: MutationResolvers['productPublish'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:publish');
  requireId('prd', input.productId, 'input.productId');
  return payload(await publishProduct(services, actor, input), (product) => ({ product }));
};
