import { payload } from '@souk/kit/errors/payload';
import { retireVariant } from '../../domain/variant-editing.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const variantRetire: MutationResolvers['variantRetire'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  requireId('var', input.variantId, 'input.variantId');
  return payload(await retireVariant(services, actor, input), (variant) => ({ variant }));
};
