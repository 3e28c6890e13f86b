import { connectionOf, parsePage } from '@souk/kit/lists/connections';
import { maySee } from '../domain/visibility.ts';
import type { QueryResolvers } from '../generated/resolver-types.ts';
import { countQueue, listQueue, MOST_REPORTED } from '../store/moderation-queue.ts';
import { requireId, requireStaff } from './authorise.ts';

export const Query: QueryResolvers = {
  viewer: (_, __, { viewer }) => (viewer.userId === undefined ? null : { id: viewer.userId }),

  review: async (_, { id }, { viewer, loaders }) => {
    const review = await loaders.reviews.load(requireId('rev', id, 'id'));
    return review && maySee(viewer, review) ? review : null;
  },

  moderationQueue: async (_, { filter, ...args }, { viewer, services }) => {
    requireStaff(viewer);
    const page = parsePage(args);
    const narrowing = {
      reasons: filter?.reasons ? [...new Set(filter.reasons)] : undefined,
      productId: filter?.productId ? requireId('prd', filter.productId, 'filter.productId') : undefined,
    };
    const rows = await listQueue(services.stores, narrowing, page);
    return connectionOf(MOST_REPORTED, page, rows, () => countQueue(services.stores, narrowing));
  },
};
