/** Remembers what was done: an entry in the audit chain, and events for other domains, in the act's own transaction. */

import { stampEvent } from '@souk/kit/events/events';
import type { Queryable } from '@souk/kit/postgres/postgres';
import { timeOfId } from '@souk/kit/values/ids';
import { type AccountsEvent, accountsEvents } from '../events.ts';
import { insertAuditEntry, lockAuditHead, moveAuditHead } from '../store/audit-log.ts';
import { hashOfEntry } from './audit-chain.ts';
import type { Actor, Services } from './services.ts';

export type AuditAction =
  | 'SIGNED_UP'
  | 'SIGNED_IN'
  | 'SIGN_IN_FAILED'
  | 'SIGNED_OUT'
  | 'TOKEN_REUSED'
  | 'PASSWORD_CHANGED'
  | 'EMAIL_CHANGED'
  | 'MFA_ENABLED'
  | 'MFA_DISABLED'
  | 'ROLES_CHANGED'
  | 'SUSPENDED'
  | 'REINSTATED'
  | 'API_KEY_CREATED'
  | 'API_KEY_REVOKED'
  | 'EXPORT_REQUESTED'
  | 'ERASURE_REQUESTED'
  | 'ERASURE_CANCELLED'
  | 'ERASED';

export interface Act {
  action: AuditAction;
  /** Whose account it was done to. */
  subjectId?: string | undefined;
  /** Who did it, when that is not the viewer: somebody who signs in is not signed in yet. */
  actorId?: string | undefined;
  /** No secrets, no names, no addresses: an entry outlives an erasure. */
  details?: Record<string, unknown>;
}

/**
 * Call it last in a transaction: entries follow one another, so the next one waits from here to the commit.
 */
export async function record(
  tx: Queryable,
  services: Pick<Services, 'newId' | 'vault' | 'outbox'>,
  actor: Actor,
  act: Act,
  ...events: AccountsEvent[]
): Promise<void> {
  await tell(tx, services, actor, ...events);
  const [head] = await lockAuditHead(tx);
  const id = services.newId('aud');
  const entry = {
    seq: head!.seq + 1,
    id,
    occurredAt: new Date(timeOfId(id)),
    action: act.action,
    actorId: act.actorId ?? actor.viewer.userId ?? null,
    apiKeyId: actor.viewer.apiKeyId ?? null,
    subjectId: act.subjectId ?? null,
    ipAddress: actor.network ?? null,
    requestId: actor.requestId,
    details: act.details ?? null,
  };
  const hash = hashOfEntry(services.vault, head!.hash, entry);
  await insertAuditEntry(tx, { ...entry, hash });
  await moveAuditHead(tx, entry.seq, hash);
}

/** An event alone: what happened is no act upon an account. */
export async function tell(
  tx: Queryable,
  services: Pick<Services, 'newId' | 'outbox'>,
  actor: Actor,
  ...events: AccountsEvent[]
): Promise<void> {
  const told = events.map((event) => stampEvent(accountsEvents, services.newId, event, actor.requestId));
  await services.outbox.insert(tx, told);
}
