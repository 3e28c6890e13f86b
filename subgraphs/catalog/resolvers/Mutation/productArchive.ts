import { payload } from '@souk/kit/errors/payload';
import { archiveProduct } from '../../domain/product-editing.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const productArchive: MutationResolvers['productArchive'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  requireId('prd', input.productId, 'input.productId');
  return payload(await archiveProduct(services, actor, input), (product) => ({ product }));
};
