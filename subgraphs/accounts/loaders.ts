/** What one request reads, batched: a row, or a page of a list, for however many users it asks about, is one query. */

import { loadMany, loadOne, type ManyLoader, type OneLoader } from '@souk/kit/graphql/loaders';
import { type Page, type PageArguments, parsePage } from '@souk/kit/lists/connections';
import type { Queryable } from '@souk/kit/postgres/postgres';
import { findAddresses, findDefaultAddresses, listAddresses } from './store/addresses.ts';
import { findApiKeys } from './store/api-keys.ts';
import {
  findPrivacyRequests,
  findPrivacySteps,
  listPrivacyRequestsOfUsers,
} from './store/privacy-requests.ts';
import { findRolesOfUsers, type HeldRole } from './store/roles.ts';
import { findEnabledFactors } from './store/second-factors.ts';
import { listSessions } from './store/sessions.ts';
import type {
  AddressRow,
  ApiKeyRow,
  PrivacyRequestRow,
  PrivacyStepRow,
  SessionRow,
  UserRow,
} from './store/tables.ts';
import { findUsers } from './store/users.ts';

export interface EnabledFactor {
  userId: string;
  recoveryCodesLeft: number;
}

/** A page of a user's list; users asked about with the same arguments are one query. */
export interface PageLoader<Row> {
  load(userId: string, args: PageArguments): Promise<{ page: Page; rows: Row[] }>;
}

export interface Loaders {
  users: OneLoader<UserRow>;
  rolesOfUser: ManyLoader<HeldRole>;
  factorOfUser: OneLoader<EnabledFactor>;
  addresses: OneLoader<AddressRow>;
  defaultAddressesOfUser: ManyLoader<AddressRow>;
  addressesOfUser: PageLoader<AddressRow>;
  sessionsOfUser: PageLoader<SessionRow>;
  apiKeys: OneLoader<ApiKeyRow>;
  privacyRequests: OneLoader<PrivacyRequestRow>;
  privacyRequestsOfUser: PageLoader<PrivacyRequestRow>;
  stepsOfPrivacyRequest: ManyLoader<Omit<PrivacyStepRow, 'data'>>;
}

export function createLoaders(db: Queryable, now: () => Date): Loaders {
  return {
    users: loadOne(
      (ids) => findUsers(db, ids),
      ({ id }) => id,
    ),
    rolesOfUser: loadMany(
      (ids) => findRolesOfUsers(db, ids),
      ({ userId }) => userId,
    ),
    factorOfUser: loadOne(
      (ids) => findEnabledFactors(db, ids),
      ({ userId }) => userId,
    ),
    addresses: loadOne(
      (ids) => findAddresses(db, ids),
      ({ id }) => id,
    ),
    defaultAddressesOfUser: loadMany(
      (ids) => findDefaultAddresses(db, ids),
      ({ userId }) => userId,
    ),
    addressesOfUser: loadPages((ids, page) => listAddresses(db, ids, page)),
    sessionsOfUser: loadPages((ids, page) => listSessions(db, ids, now(), page)),
    apiKeys: loadOne(
      (ids) => findApiKeys(db, ids),
      ({ id }) => id,
    ),
    privacyRequests: loadOne(
      (ids) => findPrivacyRequests(db, ids),
      ({ id }) => id,
    ),
    privacyRequestsOfUser: loadPages((ids, page) => listPrivacyRequestsOfUsers(db, ids, page)),
    stepsOfPrivacyRequest: loadMany(
      (ids) => findPrivacySteps(db, ids),
      ({ requestId }) => requestId,
    ),
  };
}

function loadPages<Row extends { userId: string }>(
  fetch: (userIds: readonly string[], page: Page) => PromiseLike<Row[]>,
): PageLoader<Row> {
  const byPage = new Map<string, ManyLoader<Row>>();
  return {
    load: async (userId, args) => {
      const page = parsePage(args);
      const key = JSON.stringify([page.size, page.backward, page.after, page.before]);
      let loader = byPage.get(key);
      if (!loader) {
        loader = loadMany(
          async (ids) => fetch(ids, page),
          (row) => row.userId,
        );
        byPage.set(key, loader);
      }
      return { page, rows: await loader.load(userId) };
    },
  };
}
