/** Everything this room knows about a person, in words that they understand. */
import type { Queryable } from '@souk/kit/postgres/postgres';
import { findAddressesOfUser } from '../store/addresses.ts';
import { findAuditEntriesAbout } from '../store/audit-log.ts';
import { findRolesOfUsers } from '../store/roles.ts';
import { findSessionsOfUser } from '../store/sessions.ts';
import { findUsers } from '../store/users.ts';

export async function exportOwnData(
  db: Queryable,
  userId: string,
): Promise<{ records: number; data: unknown }> {
  const [user] = await findUsers(db, [userId]);
  const addresses = await findAddressesOfUser(db, userId);
  const sessions = await findSessionsOfUser(db, userId);
  const roles = await findRolesOfUsers(db, [userId]);
  const acts = await findAuditEntriesAbout(db, userId);
  const data = {
    profile: user && {
      id: user.id,
      email: user.email,
      emailVerifiedAt: user.emailVerifiedAt,
      pendingEmail: user.pendingEmail,
      displayName: user.displayName,
      givenName: user.givenName,
      familyName: user.familyName,
      phone: user.phone,
      locale: user.locale,
      status: user.status,
      passwordChangedAt: user.passwordChangedAt,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
    },
    roles: roles.map(({ name, description }) => ({ name, description })),
    addresses: addresses.map(({ userId: _, ...address }) => address),
    sessions: sessions.map(({ userId: _, ...session }) => session),
    acts: acts.map(({ occurredAt, action, actorId, ipAddress, details }) => ({
      occurredAt,
      action,
      actorId,
      ipAddress,
      details,
    })),
  };
  return { records: 1 + roles.length + addresses.length + sessions.length + acts.length, data };
}
