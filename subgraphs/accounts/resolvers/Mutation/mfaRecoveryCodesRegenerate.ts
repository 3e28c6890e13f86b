import { regenerateRecoveryCodes } from '../../domain/second-factor.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireUser } from '../authorise.ts';
import { payload } from '../payload.ts';

export const mfaRecoveryCodesRegenerate: MutationResolvers['mfaRecoveryCodesRegenerate'] = async (
  _,
  { input },
  { viewer, services },
) =>
  payload(await regenerateRecoveryCodes(services, requireUser(viewer), input), (recoveryCodes) => ({
    recoveryCodes,
  }));
