import { updateProfile } from '../../domain/profile.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireUser } from '../authorise.ts';
import { payload } from '../payload.ts';

export const profileUpdate: MutationResolvers['profileUpdate'] = async (
  _,
  { input },
  { viewer, services, actor },
) => payload(await updateProfile(services, actor, requireUser(viewer), input), (user) => ({ user }));
