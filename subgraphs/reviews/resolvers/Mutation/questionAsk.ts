import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { askQuestion } from '../../domain/questions.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const questionAsk: MutationResolvers['questionAsk'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  const userId = requireUser(viewer);
  requireId('prd', input.productId, 'input.productId');
  return payload(await askQuestion(services, actor, userId, input), (question) => ({ question }));
};
