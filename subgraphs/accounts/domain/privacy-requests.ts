/** What people may ask for about their data: a copy, or to be forgotten, which they may take back for a fortnight. */

import { conflict, notFound, ok, type Result, refused } from '@souk/kit/errors/user-errors';
import { inTransaction, type Queryable } from '@souk/kit/postgres/postgres';
import { timeOfId } from '@souk/kit/values/ids';
import {
  insertPrivacyRequest,
  insertPrivacySteps,
  lockPrivacyRequest,
  movePrivacyRequest,
} from '../store/privacy-requests.ts';
import type { PrivacyKind, PrivacyRequestRow } from '../store/tables.ts';
import { lockUser, updateUser } from '../store/users.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { provePassword } from './password-proof.ts';
import { record } from './record.ts';
import { proveFactorIfEnabled } from './second-factor.ts';
import type { Actor, Services } from './services.ts';

const DAY_MS = 24 * 60 * 60_000;
const GRACE_DAYS = 14;

type Outcome = Result<PrivacyRequestRow, AccountsErrorCode>;

export async function requestExport(services: Services, actor: Actor, userId: string): Promise<Outcome> {
  const outcome = await inTransaction(services.db, async (tx): Promise<Outcome> => {
    const opened = await open(tx, services, userId, 'EXPORT', 0);
    if (!opened) return refused(alreadyOpen('EXPORT'));
    const running = await start(tx, services, opened);
    await record(
      tx,
      services,
      actor,
      { action: 'EXPORT_REQUESTED', subjectId: userId },
      requested(services, running),
    );
    return ok(running);
  });
  if (outcome.ok) services.privacyWork.wake();
  return outcome;
}

export async function requestErasure(
  services: Services,
  actor: Actor,
  userId: string,
  typed: { password: string; code?: string | null | undefined },
): Promise<Outcome> {
  const knows = await provePassword(services, userId, typed.password, 'password');
  if (!knows.ok) return knows;
  const holds = await proveFactorIfEnabled(services, userId, typed.code);
  if (!holds.ok) return holds;
  return inTransaction(services.db, async (tx): Promise<Outcome> => {
    await lockUser(tx, userId);
    const opened = await open(tx, services, userId, 'ERASURE', GRACE_DAYS);
    if (!opened) return refused(alreadyOpen('ERASURE'));
    await updateUser(tx, userId, { erasurePending: true }, services.now());
    const details = { privacyRequestId: opened.id, runsAt: opened.runsAt.toISOString() };
    await record(tx, services, actor, { action: 'ERASURE_REQUESTED', subjectId: userId, details });
    return ok(opened);
  });
}

export async function cancelPrivacyRequest(
  services: Services,
  actor: Actor,
  userId: string,
  requestId: string,
): Promise<Outcome> {
  return inTransaction(services.db, async (tx): Promise<Outcome> => {
    const [request] = await lockPrivacyRequest(tx, requestId);
    if (request?.userId !== userId) {
      return refused(notFound('PRIVACY_REQUEST_NOT_FOUND', 'You have made no such request', 'requestId'));
    }
    if (request.state === 'CANCELLED') return ok(request);
    if (request.state !== 'WAITING') {
      return refused(
        conflict('PRIVACY_REQUEST_STARTED', 'It is under way and cannot be cancelled', 'requestId'),
      );
    }
    const [cancelled] = await movePrivacyRequest(tx, requestId, 'CANCELLED', null);
    await updateUser(tx, userId, { erasurePending: false }, services.now());
    const act = {
      action: 'ERASURE_CANCELLED',
      subjectId: userId,
      details: { privacyRequestId: requestId },
    } as const;
    const event = {
      type: 'accounts.privacy.cancelled',
      aggregateId: userId,
      data: { requestId, userId },
    } as const;
    await record(tx, services, actor, act, event);
    return ok(cancelled!);
  });
}

/** From now on the domains are at work. */
export async function start(
  tx: Queryable,
  services: Pick<Services, 'privacyDomains' | 'now'>,
  request: PrivacyRequestRow,
): Promise<PrivacyRequestRow> {
  await insertPrivacySteps(tx, request.id, services.privacyDomains, services.now());
  const [running] = await movePrivacyRequest(tx, request.id, 'RUNNING', null);
  return running!;
}

export function requested(
  services: Pick<Services, 'privacyDomains'>,
  { id, kind, userId }: PrivacyRequestRow,
) {
  return {
    type: 'accounts.privacy.requested',
    aggregateId: userId,
    data: { requestId: id, kind, userId, domains: services.privacyDomains },
  } as const;
}

/** Nothing when one of this kind is open. */
async function open(
  tx: Queryable,
  services: Pick<Services, 'newId'>,
  userId: string,
  kind: PrivacyKind,
  graceDays: number,
): Promise<PrivacyRequestRow | undefined> {
  const id = services.newId('prv');
  const createdAt = new Date(timeOfId(id));
  const runsAt = new Date(createdAt.getTime() + graceDays * DAY_MS);
  const dueAt = oneMonthAfter(createdAt);
  const [request] = await insertPrivacyRequest(tx, {
    id,
    userId,
    kind,
    state: 'WAITING',
    runsAt,
    dueAt,
    createdAt,
  });
  return request;
}

/** Article 12 of the GDPR counts in months; from January 31 it is the last of February. */
export function oneMonthAfter(instant: Date): Date {
  const due = new Date(instant);
  due.setUTCMonth(due.getUTCMonth() + 1);
  if (due.getUTCDate() !== instant.getUTCDate()) due.setUTCDate(0);
  return due;
}

function alreadyOpen(kind: PrivacyKind) {
  const what = kind === 'EXPORT' ? 'An export' : 'An erasure';
  return conflict<AccountsErrorCode>('PRIVACY_REQUEST_OPEN', `${what} is under way already`);
}
