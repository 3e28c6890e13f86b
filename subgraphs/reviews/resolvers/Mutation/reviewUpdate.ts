import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { updateReviewContent } from '../../domain/write-review.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const reviewUpdate: MutationResolvers['reviewUpdate'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireUser(viewer);
  requireId('rev', input.reviewId, 'input.reviewId');
  return payload(await updateReviewContent(services, actor, input), (review) => ({ review }));
};
