import { isId } from '@souk/kit/values/ids';
import { isStaff, maySee, maySeeRejection } from '../domain/visibility.ts';
import type { ReviewResolvers } from '../generated/resolver-types.ts';

export const Review: ReviewResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const review = isId('rev', id) ? await loaders.reviews.load(id) : undefined;
    return review && maySee(viewer, review) ? review : null;
  },

  id: ({ _id }) => _id,
  product: ({ productId }) => ({ id: productId }),
  author: ({ authorId }) => (authorId === null ? null : { id: authorId }),
  viewerVote: async ({ _id }, _, { loaders }) => (await loaders.viewerVotes.load(_id))?.vote ?? null,
  rejectionReason: (review, _, { viewer }) =>
    maySeeRejection(viewer, review) ? review.rejectionReason : null,
  reportCount: ({ reportCount }, _, { viewer }) => (isStaff(viewer) ? reportCount : null),
};
