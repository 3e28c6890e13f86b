import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
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
