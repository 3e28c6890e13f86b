import { tellEach } from '@souk/kit/subscriptions/tell-each';
import { EVERY_REVIEW, MODERATION } from '../events.ts';
import type { SubscriptionResolvers } from '../generated/resolver-types.ts';
import { findQueued } from '../store/moderation-queue.ts';
import { findReviews } from '../store/reviews.ts';
import { requireId, requireStaff } from './authorise.ts';

export const Subscription: SubscriptionResolvers = {
  reviewPublished: {
    subscribe: async (_, { productId, after }, { viewer, services }) => {
      if (!productId) requireStaff(viewer);
      const topics = [productId ? requireId('prd', productId, 'productId') : EVERY_REVIEW];
      const events = await services.live.follow({ topics, types: ['reviews.review.published'], after });
      return tellEach(events, async ({ cursor, event: { occurredAt, data } }) => {
        const [review] = await findReviews(services.stores, [data.reviewId]);
        if (review?.state !== 'PUBLISHED') return undefined;
        const product = { id: review.productId };
        return { reviewPublished: { cursor, occurredAt, review, product } };
      });
    },
  },

  moderationRequested: {
    subscribe: async (_, { after }, { viewer, services }) => {
      requireStaff(viewer);
      const types = ['reviews.moderation.requested'] as const;
      const events = await services.live.follow({ topics: [MODERATION], types, after });
      return tellEach(events, async ({ cursor, event: { occurredAt, data } }) => {
        const item = await findQueued(services.stores, data);
        return item && { moderationRequested: { cursor, occurredAt, item } };
      });
    },
  },
};
