import { badUserInput, soukError } from '@souk/kit/errors/errors';
import { tellEach } from '@souk/kit/subscriptions/tell-each';
import { maySeePrivacyRequests } from '../domain/visibility.ts';
import type { SubscriptionResolvers } from '../generated/resolver-types.ts';
import { findPrivacyRequests } from '../store/privacy-requests.ts';
import { requireId } from './authorise.ts';

export const Subscription: SubscriptionResolvers = {
  privacyRequestProgressed: {
    subscribe: async (_, { id, after }, { viewer, services }) => {
      if (viewer.userId === undefined && viewer.apiKeyId === undefined) {
        throw soukError('UNAUTHENTICATED', 'Sign in to do this');
      }
      const [known] = await findPrivacyRequests(services.db, [requireId('prv', id, 'id')]);
      if (!known || !maySeePrivacyRequests(viewer, known.userId)) {
        throw badUserInput('There is no such privacy request, or you may not see it', 'id');
      }
      const events = await services.live.follow({ topics: [id], after });
      return tellEach(events, async ({ cursor, event: { occurredAt } }) => {
        const [request] = await findPrivacyRequests(services.db, [id]);
        return request && { privacyRequestProgressed: { cursor, occurredAt, request } };
      });
    },
  },
};
