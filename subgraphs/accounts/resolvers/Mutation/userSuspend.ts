import { payload } from '@souk/kit/errors/payload';
import { suspendUser } from '../../domain/suspension.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const userSuspend: MutationResolvers['userSuspend'] = async (
  _,
  { input },
  { viewer, services, actor },
) => {
  requireScope(viewer, 'users:write');
  const userId = requireId('usr', input.userId, 'input.userId');
  return payload(await suspendUser(services, actor, { ...input, userId }), (user) => ({ user }));
};
