import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { voteOnReview } from '../../domain/votes.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const reviewVote: MutationResolvers['reviewVote'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  const userId = requireUser(viewer);
  requireId('rev', input.reviewId, 'input.reviewId');
  return payload(await voteOnReview(services, actor, userId, input), (review) => ({ review }));
};
