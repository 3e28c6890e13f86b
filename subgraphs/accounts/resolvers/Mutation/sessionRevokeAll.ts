import { requireUser } from '@souk/kit/auth/authorise';
import { revokeAllSessions } from '../../domain/sessions.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const sessionRevokeAll: MutationResolvers['sessionRevokeAll'] = async (
  _,
  { input },
  { viewer, services, actor },
) => {
  const userId = requireUser(viewer);
  const keep = input.keepCurrent ? viewer.sessionId : undefined;
  return { revokedCount: await revokeAllSessions(services, actor, userId, keep), userErrors: [] };
};
