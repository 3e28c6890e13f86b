import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { revokeSession } from '../../domain/sessions.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const sessionRevoke: MutationResolvers['sessionRevoke'] = async (
  _,
  { input },
  { viewer, services, actor },
) => {
  const userId = requireUser(viewer);
  const sessionId = requireId('ses', input.sessionId, 'input.sessionId');
  return payload(await revokeSession(services, actor, userId, sessionId), (session) => ({ session }));
};
