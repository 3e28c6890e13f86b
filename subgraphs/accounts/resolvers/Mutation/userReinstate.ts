import { payload } from '@souk/kit/errors/payload';
import { reinstateUser } from '../../domain/suspension.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireScope } from '../authorise.ts';

export const userReinstate: MutationResolvers['userReinstate'] = async (
  _,
  { input },
  { viewer, services, actor },
) => {
  requireScope(viewer, 'users:write');
  const userId = requireId('usr', input.userId, 'input.userId');
  return payload(await reinstateUser(services, actor, userId), (user) => ({ user }));
};
