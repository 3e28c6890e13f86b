import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { changePassword } from '../../domain/password-change.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const passwordChange: MutationResolvers['passwordChange'] = async (
  _,
  { input },
  { viewer, services, actor },
) => payload(await changePassword(services, actor, requireUser(viewer), input), (user) => ({ user }));
