/** Where people are signed in: a session lives as long as its refresh tokens are traded, one after the other. */

import { conflict, invalid, notFound, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { inTransaction, type Queryable } from '@souk/kit/postgres/postgres';
import type { SessionEndReason } from '../events.ts';
import { findRolesOfUsers } from '../store/roles.ts';
import {
  endSession,
  endSessionsOfUser,
  findSessionOfSpentToken,
  insertRefreshToken,
  insertSession,
  renewSession,
  spendRefreshToken,
} from '../store/sessions.ts';
import type { SessionRow } from '../store/tables.ts';
import { tokenForUser } from './access-tokens.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { hashOfToken, newToken, type OpaqueToken } from './opaque-tokens.ts';
import { record, tell } from './record.ts';
import type { Actor, Services } from './services.ts';

const SESSION_MS = 30 * 24 * 60 * 60_000;
const UNKNOWN_NETWORK = 'unknown';

export interface SessionTokens {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
}

/** A session as the transaction leaves it; `tokensOf` signs its tokens once that is committed. */
export interface SessionGrant {
  userId: string;
  sessionId: string;
  refreshToken: OpaqueToken;
  expiresAt: Date;
  roles: string[];
  scopes: string[];
}

export async function startSession(
  tx: Queryable,
  services: Services,
  actor: Actor,
  userId: string,
): Promise<SessionGrant> {
  const now = services.now();
  const sessionId = services.newId('ses');
  const expiresAt = new Date(now.getTime() + SESSION_MS);
  await insertSession(tx, {
    id: sessionId,
    userId,
    device: actor.device,
    ipAddress: actor.network ?? UNKNOWN_NETWORK,
    lastUsedAt: now,
    expiresAt,
    createdAt: now,
  });
  await tell(tx, services, actor, {
    type: 'accounts.session.started',
    aggregateId: userId,
    data: { userId, sessionId },
  });
  return grant(tx, userId, sessionId, expiresAt);
}

export async function tokensOf(services: Services, given: SessionGrant): Promise<SessionTokens> {
  const { text, expiresAt } = await tokenForUser(services, given);
  return {
    accessToken: text,
    accessTokenExpiresAt: expiresAt,
    refreshToken: given.refreshToken.text,
    refreshTokenExpiresAt: given.expiresAt,
  };
}

export async function refreshSession(
  services: Services,
  actor: Actor,
  refreshToken: string,
): Promise<Result<SessionTokens, AccountsErrorCode>> {
  const hash = hashOfToken(refreshToken);
  const given = await inTransaction(services.db, (tx) => trade(tx, services, actor, hash));
  if (given) return ok(await tokensOf(services, given));
  return (await endCopiedSession(services, actor, hash))
    ? refused(
        conflict(
          'TOKEN_REUSED',
          'This token was used before, so its session has been ended; sign in again',
          'refreshToken',
        ),
      )
    : refused(
        invalid('TOKEN_INVALID', 'This refresh token is unknown or too old; sign in again', 'refreshToken'),
      );
}

async function trade(
  tx: Queryable,
  services: Services,
  actor: Actor,
  hash: Buffer,
): Promise<SessionGrant | undefined> {
  const now = services.now();
  const [spent] = await spendRefreshToken(tx, hash, now);
  if (!spent) return undefined;
  const expiresAt = new Date(now.getTime() + SESSION_MS);
  const [session] = await renewSession(tx, spent.sessionId, {
    lastUsedAt: now,
    expiresAt,
    ...(actor.network === undefined ? {} : { ipAddress: actor.network }),
  });
  return session && grant(tx, session.userId, session.id, expiresAt);
}

/** Somebody has a copy of a spent token: either they or the owner hold the live one, so nobody keeps it. */
async function endCopiedSession(services: Services, actor: Actor, hash: Buffer): Promise<boolean> {
  const now = services.now();
  const ended = await inTransaction(services.db, async (tx) => {
    const [copied] = await findSessionOfSpentToken(tx, hash, now);
    const [session] = copied ? await endSession(tx, copied.id, copied.userId, now) : [];
    if (!session) return undefined;
    const act = {
      action: 'TOKEN_REUSED',
      subjectId: session.userId,
      details: { sessionId: session.id },
    } as const;
    await record(tx, services, actor, act, sessionsEnded(session.userId, [session.id], 'TOKEN_REUSED'));
    return session;
  });
  if (ended) await services.revoke({ sessionId: ended.id, at: now });
  return ended !== undefined;
}

export async function revokeSession(
  services: Services,
  actor: Actor,
  userId: string,
  sessionId: string,
): Promise<Result<SessionRow, AccountsErrorCode>> {
  const now = services.now();
  const session = await inTransaction(services.db, async (tx) => {
    const [row] = await endSession(tx, sessionId, userId, now);
    if (!row) return undefined;
    const act = { action: 'SIGNED_OUT', subjectId: userId, details: { sessionId } } as const;
    await record(tx, services, actor, act, sessionsEnded(userId, [sessionId], 'SIGNED_OUT'));
    return row;
  });
  if (!session) return refused(notFound('SESSION_NOT_FOUND', 'You have no such session', 'sessionId'));
  await services.revoke({ sessionId, at: now });
  return ok(session);
}

export async function revokeAllSessions(
  services: Services,
  actor: Actor,
  userId: string,
  keep: string | undefined,
): Promise<number> {
  const now = services.now();
  const ended = await inTransaction(services.db, async (tx) => {
    const ids = await endSessions(tx, services, actor, userId, 'SIGNED_OUT', keep);
    const details = { sessions: ids.length, keptCurrent: keep !== undefined };
    await record(tx, services, actor, { action: 'SIGNED_OUT', subjectId: userId, details });
    return ids;
  });
  await revokeEnded(services, ended, now);
  return ended.length;
}

/** For changes that end sessions as a matter of course; `revokeEnded` tells the routers once it is committed. */
export async function endSessions(
  tx: Queryable,
  services: Services,
  actor: Actor,
  userId: string,
  reason: SessionEndReason,
  except?: string,
): Promise<string[]> {
  const ids = (await endSessionsOfUser(tx, userId, services.now(), except)).map(({ id }) => id);
  if (ids.length > 0) await tell(tx, services, actor, sessionsEnded(userId, ids, reason));
  return ids;
}

export async function revokeEnded(
  services: Services,
  sessionIds: readonly string[],
  at: Date,
): Promise<void> {
  await Promise.all(sessionIds.map((sessionId) => services.revoke({ sessionId, at })));
}

/**
 * For a user who may no longer come in. A sign-in that was under way may sign its token after this instant, so their
 * sessions are named too.
 */
export async function revokeUser(
  services: Services,
  userId: string,
  sessionIds: readonly string[],
): Promise<void> {
  const at = services.now();
  await services.revoke({ userId, at });
  await revokeEnded(services, sessionIds, at);
}

async function grant(
  tx: Queryable,
  userId: string,
  sessionId: string,
  expiresAt: Date,
): Promise<SessionGrant> {
  const refreshToken = newToken('souk_rt');
  await insertRefreshToken(tx, { hash: refreshToken.hash, sessionId, expiresAt });
  const held = await findRolesOfUsers(tx, [userId]);
  const scopes = [...new Set(held.flatMap((role) => role.scopes))].sort();
  return { userId, sessionId, refreshToken, expiresAt, roles: held.map(({ name }) => name), scopes };
}

function sessionsEnded(userId: string, sessionIds: string[], reason: SessionEndReason) {
  return {
    type: 'accounts.session.ended',
    aggregateId: userId,
    data: { userId, sessionIds, reason },
  } as const;
}
