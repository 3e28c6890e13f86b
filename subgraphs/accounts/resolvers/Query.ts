import { badUserInput } from '@souk/kit/errors/errors';
import { connectionOf, parsePage } from '@souk/kit/lists/connections';
import { singleLine } from '@souk/kit/values/text-values';
import { SCOPE_LIST } from '../domain/scopes.ts';
import { maySeePrivacyRequests } from '../domain/visibility.ts';
import type { QueryResolvers } from '../generated/resolver-types.ts';
import { listApiKeys, NEWEST_API_KEYS } from '../store/api-keys.ts';
import { listAuditEntries, NEWEST_AUDIT_ENTRIES } from '../store/audit-log.ts';
import { listPrivacyRequests, PRIVACY_REQUESTS_BY_DUE } from '../store/privacy-requests.ts';
import { listRoles } from '../store/roles.ts';
import { countUsers, listUsers, NEWEST_USERS } from '../store/users.ts';
import { requireId, requireScope } from './authorise.ts';

const MAX_SEARCH = 100;

export const Query: QueryResolvers = {
  viewer: async (_, __, { viewer, loaders }) =>
    viewer.userId === undefined ? null : ((await loaders.users.load(viewer.userId)) ?? null),

  user: async (_, { id }, { viewer, loaders }) => {
    requireScope(viewer, 'users:read');
    return (await loaders.users.load(requireId('usr', id, 'id'))) ?? null;
  },

  users: async (_, { filter, ...args }, { viewer, services }) => {
    requireScope(viewer, 'users:read');
    const page = parsePage(args);
    const narrow = {
      query: searchText(filter?.query, 'filter.query'),
      role: searchText(filter?.role, 'filter.role'),
      status: filter?.status,
      from: filter?.createdAt?.from,
      to: filter?.createdAt?.to,
    };
    const rows = await listUsers(services.db, narrow, page);
    return connectionOf(
      NEWEST_USERS,
      page,
      rows,
      async () => (await countUsers(services.db, narrow))[0]!.count,
    );
  },

  roles: async (_, __, { viewer, services }) => {
    requireScope(viewer, 'users:read');
    return listRoles(services.db);
  },

  scopes: (_, __, { viewer }) => {
    requireScope(viewer, 'users:read');
    return [...SCOPE_LIST];
  },

  apiKeys: async (_, args, { viewer, services }) => {
    requireScope(viewer, 'apikeys:write');
    const page = parsePage(args);
    return connectionOf(NEWEST_API_KEYS, page, await listApiKeys(services.db, page));
  },

  auditLog: async (_, { filter, ...args }, { viewer, services }) => {
    requireScope(viewer, 'audit:read');
    const page = parsePage(args);
    const narrow = {
      subjectId: filter?.subjectId && requireId('usr', filter.subjectId, 'filter.subjectId'),
      actorId: filter?.actorId && requireId('usr', filter.actorId, 'filter.actorId'),
      actions: filter?.actions && [...new Set(filter.actions)],
      from: filter?.occurredAt?.from,
      to: filter?.occurredAt?.to,
    };
    return connectionOf(NEWEST_AUDIT_ENTRIES, page, await listAuditEntries(services.db, narrow, page));
  },

  privacyRequest: async (_, { id }, { viewer, loaders }) => {
    const request = await loaders.privacyRequests.load(requireId('prv', id, 'id'));
    return request && maySeePrivacyRequests(viewer, request.userId) ? request : null;
  },

  privacyRequests: async (_, { state, ...args }, { viewer, services }) => {
    requireScope(viewer, 'privacy:write');
    const page = parsePage(args);
    return connectionOf(PRIVACY_REQUESTS_BY_DUE, page, await listPrivacyRequests(services.db, state, page));
  },
};

function searchText(typed: string | null | undefined, argument: string): string | undefined {
  if (typed === null || typed === undefined) return undefined;
  const text = singleLine(typed, MAX_SEARCH);
  if (text === undefined) {
    throw badUserInput(`\`${argument}\` must be one line of 1 to ${MAX_SEARCH} characters`, argument);
  }
  return text;
}
