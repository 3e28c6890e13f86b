import { payload } from '@souk/kit/errors/payload';
import { completeSignIn } from '../../domain/sign-in.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const sessionMfaComplete: MutationResolvers['sessionMfaComplete'] = async (
  _,
  { input },
  { services, actor },
) => payload(await completeSignIn(services, actor, input), (tokens) => ({ tokens }));
