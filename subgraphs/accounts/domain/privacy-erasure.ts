/** Forgetting a person. The id stays, empty, so that orders and the audit log still add up. */
import type { Queryable } from '@souk/kit/postgres/postgres';
import type { Mail } from '../mail/mail.ts';
import { erasureNotice } from '../mail/messages.ts';
import { deleteAddressesOfUser } from '../store/addresses.ts';
import { deleteChallengesOfUser, deleteMailedTokensOfUser } from '../store/one-time-tokens.ts';
import { removeRolesOfUser } from '../store/roles.ts';
import { deleteAuthenticator, deleteRecoveryCodes } from '../store/second-factors.ts';
import { deleteSessionsOfUser } from '../store/sessions.ts';
import { lockUser, updateUser } from '../store/users.ts';
import { record } from './record.ts';
import type { Actor, Services } from './services.ts';
import { endSessions } from './sessions.ts';

export interface Erasure {
  records: number;
  retained: string;
  /** Sessions that were live until now. */
  endedSessions: string[];
  /** The last mail to the address that is forgotten. */
  notice?: Mail;
}

const RETAINED =
  'Audit log entries without name or address: GDPR Art. 5(2) and 17(3)(e), to show what was done and by whom';

export async function eraseOwnData(
  tx: Queryable,
  services: Services,
  actor: Actor,
  userId: string,
): Promise<Erasure> {
  const [user] = await lockUser(tx, userId);
  if (!user || user.erasedAt) return { records: 0, retained: RETAINED, endedSessions: [] };
  const addresses = await deleteAddressesOfUser(tx, userId);
  const endedSessions = await endSessions(tx, services, actor, userId, 'ERASED');
  const sessions = await deleteSessionsOfUser(tx, userId);
  await deleteMailedTokensOfUser(tx, userId);
  await deleteChallengesOfUser(tx, userId);
  const factors = [...(await deleteAuthenticator(tx, userId)), ...(await deleteRecoveryCodes(tx, userId))];
  await removeRolesOfUser(tx, userId);
  const now = services.now();
  await updateUser(tx, userId, { ...NOTHING_PERSONAL, erasedAt: now, erasurePending: false }, now);
  const event = { type: 'accounts.user.erased', aggregateId: userId, data: { userId } } as const;
  await record(tx, services, actor, { action: 'ERASED', subjectId: userId }, event);
  return {
    records: 1 + addresses.length + sessions.length + factors.length,
    retained: RETAINED,
    endedSessions,
    notice: erasureNotice(user.email!),
  };
}

const NOTHING_PERSONAL = {
  email: null,
  emailKey: null,
  emailVerifiedAt: null,
  pendingEmail: null,
  passwordHash: null,
  displayName: null,
  givenName: null,
  familyName: null,
  phone: null,
  locale: 'und',
} as const;
