import { payload } from '@souk/kit/errors/payload';
import { setRolesOfUser } from '../../domain/role-editing.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const userRolesSet: MutationResolvers['userRolesSet'] = async (
  _,
  { input },
  { viewer, services, actor },
) => {
  requireScope(viewer, 'roles:write');
  const userId = requireId('usr', input.userId, 'input.userId');
  return payload(await setRolesOfUser(services, actor, { ...input, userId }), (user) => ({ user }));
};
