import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { voteOnAnswer } from '../../domain/votes.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const answerVote: MutationResolvers['answerVote'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  const userId = requireUser(viewer);
  requireId('ans', input.answerId, 'input.answerId');
  return payload(await voteOnAnswer(services, actor, userId, input), (answer) => ({ answer }));
};
