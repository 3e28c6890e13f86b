import { payload } from '@souk/kit/errors/payload';
import { setReply } from '../../domain/moderate-review.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId, requireStaff } from '../authorise.ts';

export const reviewReplySet: MutationResolvers['reviewReplySet'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  requireStaff(viewer);
  requireId('rev', input.reviewId, 'input.reviewId');
  return payload(await setReply(services, actor, input), (review) => ({ review }));
};
