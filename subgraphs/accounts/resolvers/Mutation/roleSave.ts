import { payload } from '@souk/kit/errors/payload';
import { saveRole } from '../../domain/role-editing.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireScope } from '../authorise.ts';

export const roleSave: MutationResolvers['roleSave'] = async (_, { input }, { viewer, services, actor }) => {
  requireScope(viewer, 'roles:write');
  return payload(await saveRole(services, actor, input), (role) => ({ role }));
};
