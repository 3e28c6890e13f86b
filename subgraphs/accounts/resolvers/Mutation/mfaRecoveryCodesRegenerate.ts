import { requireUser } from '@souk/kit/authorise';
import { payload } from '@souk/kit/payload';
import { regenerateRecoveryCodes } from '../../domain/second-factor.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const mfaRecoveryCodesRegenerate: MutationResolvers['mfaRecoveryCodesRegenerate'] = async (
  _,
  { input },
  { viewer, services },
) =>
  payload(await regenerateRecoveryCodes(services, requireUser(viewer), input), (recoveryCodes) => ({
    recoveryCodes,
  }));
