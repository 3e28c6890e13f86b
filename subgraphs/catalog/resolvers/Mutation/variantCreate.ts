import { payload } from '@souk/kit/errors/payload';
import { addVariant } from '../../domain/variant-editing.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const variantCreate: MutationResolvers['variantCreate'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  requireId('prd', input.productId, 'input.productId');
  return payload(await addVariant(services, actor, input), (variant) => ({ variant }));
};
