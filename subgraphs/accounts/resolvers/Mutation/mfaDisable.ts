import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { disable } from '../../domain/second-factor.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const mfaDisable: MutationResolvers['mfaDisable'] = async (
  _,
  { input },
  { viewer, services, actor },
) => payload(await disable(services, actor, requireUser(viewer), input), (user) => ({ user }));
