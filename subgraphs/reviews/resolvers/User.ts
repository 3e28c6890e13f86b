import { connectionOf } from '@souk/kit/lists/connections';
import { isId } from '@souk/kit/values/ids';
import { maySeeUnpublishedOf } from '../domain/visibility.ts';
import type { UserResolvers } from '../generated/resolver-types.ts';
import { countReviewsOfUser, REVIEWS_OF_USER } from '../store/reviews.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => (isId('usr', id) ? { id } : null),

  reviews: async ({ id }, args, { viewer, loaders, services }) => {
    const { page, rows } = await loaders.reviewsOfUser.load(id, args, undefined);
    return connectionOf(REVIEWS_OF_USER, page, rows, () =>
      countReviewsOfUser(services.stores, id, !maySeeUnpublishedOf(viewer, id)),
    );
  },
};
