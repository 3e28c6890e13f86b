import { sendVerification } from '../../domain/email-verification.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireUser } from '../authorise.ts';
import { payload } from '../payload.ts';

export const emailVerificationSend: MutationResolvers['emailVerificationSend'] = async (
  _,
  __,
  { viewer, services },
) => payload(await sendVerification(services, requireUser(viewer)), (sentTo) => ({ sentTo }));
