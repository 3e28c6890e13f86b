import { requireUser } from '@souk/kit/auth/authorise';
import { payload } from '@souk/kit/errors/payload';
import { reportReview } from '../../domain/moderate-review.ts';
import { maySee } from '../../domain/visibility.ts';
import type { MutationResolvers } from '../../generated/resolver-types.ts';
import { requireId } from '../authorise.ts';

export const reviewReport: MutationResolvers['reviewReport'] = async (
  _,
  { input },
  { viewer, actor, services },
) => {
  const userId = requireUser(viewer);
  requireId('rev', input.reviewId, 'input.reviewId');
  return payload(await reportReview(services, actor, userId, input), (review) => ({
    // The fifth report hides it, from the reporter too.
    review: maySee(viewer, review) ? review : null,
  }));
};
