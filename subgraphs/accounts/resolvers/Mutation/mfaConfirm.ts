import { confirm } from '../../domain/second-factor.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireUser } from '../authorise.ts';
import { payload } from '../payload.ts';

export const mfaConfirm: MutationResolvers['mfaConfirm'] = async (
  _,
  { input },
  { viewer, services, actor },
) => payload(await confirm(services, actor, requireUser(viewer), input.code), (enabled) => enabled);
