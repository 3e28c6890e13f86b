import { disable } from '../../domain/second-factor.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireUser } from '../authorise.ts';
import { payload } from '../payload.ts';

export const mfaDisable: MutationResolvers['mfaDisable'] = async (
  _,
  { input },
  { viewer, services, actor },
) => payload(await disable(services, actor, requireUser(viewer), input), (user) => ({ user }));
