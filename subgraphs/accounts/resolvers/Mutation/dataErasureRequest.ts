import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { requestErasure } from '../../domain/privacy-requests.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const dataErasureRequest: MutationResolvers['dataErasureRequest'] = async (
  _,
  { input },
  { viewer, services, actor },
) => payload(await requestErasure(services, actor, requireUser(viewer), input), (request) => ({ request }));
