import { payload } from '@souk/kit/errors/payload';
import { moderateReview } from '../../domain/moderate-review.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireStaff } from '../authorise.ts';

export const reviewModerate: MutationResolvers['reviewModerate'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireStaff(viewer);
  requireId('rev', input.reviewId, 'input.reviewId');
  return payload(await moderateReview(services, actor, input), (review) => ({ review }));
};
