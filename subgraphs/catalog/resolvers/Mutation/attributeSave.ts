import { payload } from '@souk/kit/errors/payload';
import { saveAttribute } from '../../domain/attribute-saving.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireScope } from '../authorise.ts';

export const attributeSave: MutationResolvers['attributeSave'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireScope(viewer, 'catalog:write');
  return payload(await saveAttribute(services, actor, input), (attribute) => ({ attribute }));
};
