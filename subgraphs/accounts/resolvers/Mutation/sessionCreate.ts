import { payload } from '@souk/kit/errors/payload';
import { signIn } from '../../domain/sign-in.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';

export const sessionCreate: MutationResolvers['sessionCreate'] = async (_, { input }, { services, actor }) =>
  payload(await signIn(services, actor, input), (step) =>
    'tokens' in step ? { tokens: step.tokens } : { mfaChallenge: step.challenge },
  );
