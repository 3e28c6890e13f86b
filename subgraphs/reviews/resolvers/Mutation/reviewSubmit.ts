import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { submitReview } from '../../domain/write-review.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const reviewSubmit: MutationResolvers['reviewSubmit'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  const userId = requireUser(viewer);
  requireId('prd', input.productId, 'input.productId');
  return payload(await submitReview(services, actor, userId, input), (review) => ({ review }));
};
