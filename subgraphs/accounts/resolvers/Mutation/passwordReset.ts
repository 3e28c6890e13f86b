import { payload } from '@souk/kit/errors/payload';
import { resetPassword } from '../../domain/password-change.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const passwordReset: MutationResolvers['passwordReset'] = async (_, { input }, { services, actor }) =>
  payload(await resetPassword(services, actor, input), (user) => ({ user }));
