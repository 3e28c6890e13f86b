import { payload } from '@souk/kit/errors/payload';
import { verifyEmail } from '../../domain/email-verification.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const emailVerify: MutationResolvers['emailVerify'] = async (_, { input }, { services, actor }) =>
  payload(await verifyEmail(services, actor, input.token), (user) => ({ user }));
