import { requireUser } from '@souk/kit/authorise';
import { payload } from '@souk/kit/payload';
import { sendVerification } from '../../domain/email-verification.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const emailVerificationSend: MutationResolvers['emailVerificationSend'] = async (
  _,
  __,
  { viewer, services },
) => payload(await sendVerification(services, requireUser(viewer)), (sentTo) => ({ sentTo }));
