/**
 * Every statement of this store with something in its parameters, for those who look at plans: a test holds the list to
 * the functions that there are, and has PostgreSQL explain each one.
 */
import type { Page } from '@souk/kit/lists/connections';
import { encodeCursor } from '@souk/kit/lists/cursors';
import type { Queryable } from '@souk/kit/postgres/postgres';
import * as addresses from './addresses.ts';
import * as apiKeys from './api-keys.ts';
import * as attempts from './attempts.ts';
import * as auditLog from './audit-log.ts';
import * as oneTimeTokens from './one-time-tokens.ts';
import * as privacyRequests from './privacy-requests.ts';
import * as roles from './roles.ts';
import * as secondFactors from './second-factors.ts';
import * as sessions from './sessions.ts';
import * as signingKeys from './signing-keys.ts';
import * as users from './users.ts';

/** A statement of Drizzle's, which runs when it is awaited and can also be looked at. */
export interface Statement {
  toSQL(): { sql: string; params: unknown[] };
}

/** By the name of the function; variants of one function have a word in brackets behind it. */
export function everyQuery(db: Queryable): Record<string, Statement> {
  const now = new Date();
  const id = 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const ids = [id, 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAW'];
  const hash = Buffer.alloc(32);
  const first: Page = { size: 20, backward: false };
  const after = (order: Parameters<typeof encodeCursor>[0], row: object): Page => ({
    ...first,
    after: encodeCursor(order, row),
  });
  const byUse = { id, lastUsedAt: now };
  return {
    findUsers: users.findUsers(db, ids),
    findUserByEmail: users.findUserByEmail(db, 'ada@example.com'),
    lockUser: users.lockUser(db, id),
    listUsers: users.listUsers(db, {}, first),
    'listUsers (after)': users.listUsers(db, {}, after(users.NEWEST_USERS, { id })),
    'listUsers (status)': users.listUsers(db, { status: 'ACTIVE' }, first),
    'listUsers (role)': users.listUsers(db, { role: 'moderator' }, first),
    'listUsers (query)': users.listUsers(db, { query: 'ada' }, first),
    'listUsers (createdAt)': users.listUsers(db, { from: now, to: now }, first),
    'countUsers (status)': users.countUsers(db, { status: 'ACTIVE' }),
    'countUsers (role)': users.countUsers(db, { role: 'moderator' }),
    'countUsers (query)': users.countUsers(db, { query: 'ada' }),
    countUsers: users.countUsers(db, {}),
    insertUser: users.insertUser(db, {
      id,
      passwordChangedAt: now,
      locale: 'en',
      createdAt: now,
      updatedAt: now,
    }),
    updateUser: users.updateUser(db, id, { displayName: 'Ada' }, now),
    replacePassword: users.replacePassword(db, id, { passwordHash: '' }),

    listRoles: roles.listRoles(db),
    holdRoles: roles.holdRoles(db, ['moderator']),
    findRolesOfUsers: roles.findRolesOfUsers(db, ids),
    lockRole: roles.lockRole(db, 'moderator'),
    findHolder: roles.findHolder(db, 'moderator'),
    insertRole: roles.insertRole(db, { name: 'x', description: 'x', scopes: [] }),
    updateRole: roles.updateRole(db, 'moderator', { description: 'x', scopes: [] }),
    deleteRole: roles.deleteRole(db, 'moderator'),
    removeRolesOfUser: roles.removeRolesOfUser(db, id),
    giveRoles: roles.giveRoles(db, id, ['moderator']),
    widenRole: roles.widenRole(db, 'admin', ['users:read']),

    listSessions: sessions.listSessions(db, ids, now, first),
    'listSessions (after)': sessions.listSessions(db, ids, now, after(sessions.LAST_USED_SESSIONS, byUse)),
    insertSession: sessions.insertSession(db, {
      id,
      userId: id,
      device: '',
      ipAddress: '',
      lastUsedAt: now,
      expiresAt: now,
      createdAt: now,
    }),
    renewSession: sessions.renewSession(db, id, { lastUsedAt: now, expiresAt: now }),
    endSession: sessions.endSession(db, id, id, now),
    endSessionsOfUser: sessions.endSessionsOfUser(db, id, now, id),
    findSessionsOfUser: sessions.findSessionsOfUser(db, id),
    deleteSessionsOfUser: sessions.deleteSessionsOfUser(db, id),
    deleteSessionsExpiredBefore: sessions.deleteSessionsExpiredBefore(db, now),
    insertRefreshToken: sessions.insertRefreshToken(db, { hash, sessionId: id, expiresAt: now }),
    spendRefreshToken: sessions.spendRefreshToken(db, hash, now),
    findSessionOfSpentToken: sessions.findSessionOfSpentToken(db, hash, now),
    deleteRefreshTokensExpiredBefore: sessions.deleteRefreshTokensExpiredBefore(db, now),

    insertMailedToken: oneTimeTokens.insertMailedToken(db, {
      hash,
      userId: id,
      purpose: 'VERIFY_EMAIL',
      email: '',
      createdAt: now,
      expiresAt: now,
    }),
    takeMailedToken: oneTimeTokens.takeMailedToken(db, hash, 'VERIFY_EMAIL', now),
    findLatestMailedToken: oneTimeTokens.findLatestMailedToken(db, id, 'VERIFY_EMAIL'),
    deleteMailedTokensOfUser: oneTimeTokens.deleteMailedTokensOfUser(db, id, 'VERIFY_EMAIL'),
    deleteMailedTokensExpiredBefore: oneTimeTokens.deleteMailedTokensExpiredBefore(db, now),
    insertChallenge: oneTimeTokens.insertChallenge(db, { hash, userId: id, triesLeft: 5, expiresAt: now }),
    useChallenge: oneTimeTokens.useChallenge(db, hash, now),
    deleteChallenge: oneTimeTokens.deleteChallenge(db, hash),
    deleteChallengesOfUser: oneTimeTokens.deleteChallengesOfUser(db, id),
    deleteChallengesExpiredBefore: oneTimeTokens.deleteChallengesExpiredBefore(db, now),

    countAttempt: attempts.countAttempt(db, { key: hash, waits: [0], forgetBefore: now, now }),
    findBlock: attempts.findBlock(db, hash),
    forgetAttempts: attempts.forgetAttempts(db, [hash]),
    takeAttemptBack: attempts.takeAttemptBack(db, hash),
    deleteAttemptsBefore: attempts.deleteAttemptsBefore(db, now),

    findAuthenticators: secondFactors.findAuthenticators(db, ids),
    startEnrolment: secondFactors.startEnrolment(db, id, hash, now),
    confirmEnrolment: secondFactors.confirmEnrolment(db, id, 1, now),
    useStep: secondFactors.useStep(db, id, 1),
    deleteAuthenticator: secondFactors.deleteAuthenticator(db, id),
    insertRecoveryCodes: secondFactors.insertRecoveryCodes(db, id, [hash]),
    useRecoveryCode: secondFactors.useRecoveryCode(db, id, [hash]),
    deleteRecoveryCodes: secondFactors.deleteRecoveryCodes(db, id),
    findEnabledFactors: secondFactors.findEnabledFactors(db, ids),

    findAddresses: addresses.findAddresses(db, ids),
    listAddresses: addresses.listAddresses(db, ids, first),
    'listAddresses (after)': addresses.listAddresses(db, ids, after(addresses.LAST_USED_ADDRESSES, byUse)),
    findAddressesOfUser: addresses.findAddressesOfUser(db, id),
    findDefaultAddresses: addresses.findDefaultAddresses(db, ids),
    countAddresses: addresses.countAddresses(db, id),
    lockAddress: addresses.lockAddress(db, id, id),
    insertAddress: addresses.insertAddress(db, {
      id,
      userId: id,
      recipient: '',
      line1: '',
      city: '',
      countryCode: '',
      isDefaultShipping: false,
      isDefaultBilling: false,
      lastUsedAt: now,
    }),
    updateAddress: addresses.updateAddress(db, id, { label: '' }),
    clearDefault: addresses.clearDefault(db, id, 'isDefaultShipping'),
    deleteAddress: addresses.deleteAddress(db, id, id),
    deleteAddressesOfUser: addresses.deleteAddressesOfUser(db, id),

    findApiKeys: apiKeys.findApiKeys(db, ids),
    listApiKeys: apiKeys.listApiKeys(db, first),
    'listApiKeys (after)': apiKeys.listApiKeys(db, after(apiKeys.NEWEST_API_KEYS, { id })),
    insertApiKey: apiKeys.insertApiKey(db, {
      id,
      name: '',
      prefix: '',
      secretHash: hash,
      scopes: [],
      createdAt: now,
    }),
    revokeApiKey: apiKeys.revokeApiKey(db, id, now),
    noteApiKeyUse: apiKeys.noteApiKeyUse(db, id, now),

    listAuditEntries: auditLog.listAuditEntries(db, {}, first),
    'listAuditEntries (after)': auditLog.listAuditEntries(
      db,
      {},
      after(auditLog.NEWEST_AUDIT_ENTRIES, { id }),
    ),
    'listAuditEntries (subject)': auditLog.listAuditEntries(db, { subjectId: id }, first),
    'listAuditEntries (actor)': auditLog.listAuditEntries(db, { actorId: id }, first),
    'listAuditEntries (actions)': auditLog.listAuditEntries(db, { actions: ['ERASED'] }, first),
    'listAuditEntries (occurredAt)': auditLog.listAuditEntries(db, { from: now, to: now }, first),
    lockAuditHead: auditLog.lockAuditHead(db),
    findAuditHead: auditLog.findAuditHead(db),
    insertAuditEntry: auditLog.insertAuditEntry(db, {
      seq: 1,
      id,
      occurredAt: now,
      action: '',
      requestId: '',
      hash,
    }),
    moveAuditHead: auditLog.moveAuditHead(db, 1, hash),
    readAuditLog: auditLog.readAuditLog(db, 0, 500),
    findAuditEntriesAbout: auditLog.findAuditEntriesAbout(db, id),

    findPrivacyRequests: privacyRequests.findPrivacyRequests(db, ids),
    listPrivacyRequests: privacyRequests.listPrivacyRequests(db, null, first),
    'listPrivacyRequests (state)': privacyRequests.listPrivacyRequests(db, 'RUNNING', first),
    listPrivacyRequestsOfUsers: privacyRequests.listPrivacyRequestsOfUsers(db, ids, first),
    findPrivacySteps: privacyRequests.findPrivacySteps(db, ids),
    findPrivacyData: privacyRequests.findPrivacyData(db, id),
    insertPrivacyRequest: privacyRequests.insertPrivacyRequest(db, {
      id,
      userId: id,
      kind: 'EXPORT',
      state: 'WAITING',
      runsAt: now,
      dueAt: now,
      createdAt: now,
    }),
    insertPrivacySteps: privacyRequests.insertPrivacySteps(db, id, ['accounts'], now),
    findStepsOfRequest: privacyRequests.findStepsOfRequest(db, id),
    lockPrivacyRequest: privacyRequests.lockPrivacyRequest(db, id),
    movePrivacyRequest: privacyRequests.movePrivacyRequest(db, id, 'RUNNING', null),
    lockRequestsToStart: privacyRequests.lockRequestsToStart(db, now, 50),
    lockStepsToAsk: privacyRequests.lockStepsToAsk(db, now, 50),
    noteStepAsked: privacyRequests.noteStepAsked(db, id, 'accounts', now),
    finishStep: privacyRequests.finishStep(db, id, 'accounts', { state: 'DONE' }),
    postponeStep: privacyRequests.postponeStep(db, id, 'accounts', now),
    deleteArchivesCompletedBefore: privacyRequests.deleteArchivesCompletedBefore(db, now),
    reopenFailedSteps: privacyRequests.reopenFailedSteps(db, id, now),

    listSigningKeys: signingKeys.listSigningKeys(db),
    insertSigningKey: signingKeys.insertSigningKey(db, {
      id,
      publicJwk: {},
      sealedPrivateKey: hash,
      createdAt: now,
      signsFrom: now,
      signsUntil: now,
      publishedUntil: now,
    }),
    deleteSigningKeysPublishedUntil: signingKeys.deleteSigningKeysPublishedUntil(db, now),
    deleteAllSigningKeys: signingKeys.deleteAllSigningKeys(db),
  };
}
