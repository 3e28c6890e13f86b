import { payload } from '@souk/kit/errors/payload';
import { removeRole } from '../../domain/role-editing.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireScope } from '../authorise.ts';

export const roleDelete: MutationResolvers['roleDelete'] = async (
  _,
  { input },
  { viewer, services, actor },
) => {
  requireScope(viewer, 'roles:write');
  return payload(await removeRole(services, actor, input.name), (deletedName) => ({ deletedName }));
};
