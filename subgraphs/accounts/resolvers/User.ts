import { connectionOf } from '@souk/kit/lists/connections';
import { isId } from '@souk/kit/values/ids';
import { maySeeAccount, maySeePrivacyRequests, maySeeSessions } from '../domain/visibility.ts';
import type { UserResolvers } from '../generated/resolver-types.ts';
import { LAST_USED_ADDRESSES } from '../store/addresses.ts';
import { NEWEST_PRIVACY_REQUESTS } from '../store/privacy-requests.ts';
import { LAST_USED_SESSIONS } from '../store/sessions.ts';

export const User: UserResolvers = {
  __resolveReference: async ({ id }, { loaders }) =>
    isId('usr', id) ? ((await loaders.users.load(id)) ?? null) : null,

  profile: (user, _, { viewer }) => (user.erasedAt === null && maySeeAccount(viewer, user.id) ? user : null),

  addresses: async ({ id }, args, { viewer, loaders }) => {
    if (!maySeeAccount(viewer, id)) return null;
    const { page, rows } = await loaders.addressesOfUser.load(id, args);
    return connectionOf(LAST_USED_ADDRESSES, page, rows);
  },

  sessions: async ({ id }, args, { viewer, loaders }) => {
    if (!maySeeSessions(viewer, id)) return null;
    const { page, rows } = await loaders.sessionsOfUser.load(id, args);
    return connectionOf(LAST_USED_SESSIONS, page, rows);
  },

  security: (user, _, { viewer }) => (user.erasedAt === null && maySeeAccount(viewer, user.id) ? user : null),

  roles: async ({ id }, _, { viewer, loaders }) =>
    maySeeAccount(viewer, id) ? loaders.rolesOfUser.load(id) : null,

  privacyRequests: async ({ id }, args, { viewer, loaders }) => {
    if (!maySeePrivacyRequests(viewer, id)) return null;
    const { page, rows } = await loaders.privacyRequestsOfUser.load(id, args);
    return connectionOf(NEWEST_PRIVACY_REQUESTS, page, rows);
  },
};
