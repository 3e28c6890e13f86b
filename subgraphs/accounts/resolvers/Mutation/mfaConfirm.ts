import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { confirm } from '../../domain/second-factor.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const mfaConfirm: MutationResolvers['mfaConfirm'] = async (
  _,
  { input },
  { viewer, services, actor },
) => payload(await confirm(services, actor, requireUser(viewer), input.code), (enabled) => enabled);
