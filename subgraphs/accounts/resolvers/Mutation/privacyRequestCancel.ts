import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { cancelPrivacyRequest } from '../../domain/privacy-requests.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const privacyRequestCancel: MutationResolvers['privacyRequestCancel'] = async (
  _,
  { input },
  { viewer, services, actor },
) => {
  const userId = requireUser(viewer);
  const requestId = requireId('prv', input.requestId, 'input.requestId');
  return payload(await cancelPrivacyRequest(services, actor, userId, requestId), (request) => ({ request }));
};
