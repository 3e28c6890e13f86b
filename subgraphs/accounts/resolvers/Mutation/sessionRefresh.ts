import { payload } from '@souk/kit/errors/payload';
import { refreshSession } from '../../domain/sessions.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const sessionRefresh: MutationResolvers['sessionRefresh'] = async (
  _,
  { input },
  { services, actor },
) => payload(await refreshSession(services, actor, input.refreshToken), (tokens) => ({ tokens }));
