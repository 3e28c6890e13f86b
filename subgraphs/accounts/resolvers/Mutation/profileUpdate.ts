import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { updateProfile } from '../../domain/profile.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const profileUpdate: MutationResolvers['profileUpdate'] = async (
  _,
  { input },
  { viewer, services, actor },
) => payload(await updateProfile(services, actor, requireUser(viewer), input), (user) => ({ user }));
