import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { sendVerification } from '../../domain/email-verification.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const emailVerificationSend: MutationResolvers['emailVerificationSend'] = async (
  _,
  __,
  { viewer, services },
) => payload(await sendVerification(services, requireUser(viewer)), (sentTo) => ({ sentTo }));
