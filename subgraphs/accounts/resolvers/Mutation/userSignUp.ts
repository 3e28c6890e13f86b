import { payload } from '@souk/kit/errors/payload';
import { signUp } from '../../domain/sign-up.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const userSignUp: MutationResolvers['userSignUp'] = async (_, { input }, { services, actor }) =>
  payload(await signUp(services, actor, { ...input, locale: input.locale ?? 'en' }), (opened) => opened);
