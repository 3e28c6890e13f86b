import { payload } from '@souk/kit/errors/payload';
import { requestPasswordReset } from '../../domain/password-change.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const passwordResetRequest: MutationResolvers['passwordResetRequest'] = async (
  _,
  { input },
  { services, actor },
) => payload(await requestPasswordReset(services, actor, input.email), (accepted) => ({ accepted }));
