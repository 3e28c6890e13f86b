import { isId } from '@souk/kit/values/ids';
import { archiveLink } from '../domain/archive-links.ts';
import { maySeePrivacyRequests } from '../domain/visibility.ts';
import type { PrivacyRequestResolvers } from '../generated/resolver-types.ts';

export const PrivacyRequest: PrivacyRequestResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const request = isId('prv', id) ? await loaders.privacyRequests.load(id) : undefined;
    return request && maySeePrivacyRequests(viewer, request.userId) ? request : null;
  },
  user: async ({ userId }, _, { loaders }) => (await loaders.users.load(userId)) ?? null,
  domains: ({ id }, _, { loaders }) => loaders.stepsOfPrivacyRequest.load(id),
  downloadUrl: (request, _, { viewer, services }) => archiveLink(services, viewer, request),
};
