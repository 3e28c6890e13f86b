import { payload } from '@souk/kit/errors/payload';
import { changeVariant } from '../../domain/variant-editing.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const variantUpdate: MutationResolvers['variantUpdate'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  requireId('var', input.variantId, 'input.variantId');
  return payload(await changeVariant(services, actor, input), (variant) => ({ variant }));
};
