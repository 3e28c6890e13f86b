import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { withdrawReview } from '../../domain/write-review.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const reviewDelete: MutationResolvers['reviewDelete'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireUser(viewer);
  requireId('rev', input.reviewId, 'input.reviewId');
  return payload(await withdrawReview(services, actor, input.reviewId), (review) => ({ review }));
};
