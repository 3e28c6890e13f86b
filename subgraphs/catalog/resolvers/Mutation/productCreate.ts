import { payload } from '@souk/kit/errors/payload';
import { createProduct } from '../../domain/product-creation.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireScope } from '../authorise.ts';

export const productCreate: MutationResolvers['productCreate'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  return payload(await createProduct(services, actor, input), (product) => ({ product }));
};
