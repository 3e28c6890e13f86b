/**
 * What this room tells other domains: plain data, written to the outbox in the transaction of the change itself. Events
 * outlive an erasure in streams and logs, so they carry ids and never names or addresses.
 */

interface Event<Type extends string, Data> {
  type: Type;
  /** Events of one aggregate are told in order. */
  aggregateId: string;
  data: Data;
}

export type SessionEndReason = 'SIGNED_OUT' | 'TOKEN_REUSED' | 'PASSWORD_CHANGED' | 'SUSPENDED' | 'ERASED';

export type AccountsEvent =
  | Event<'accounts.user.opened', { userId: string }>
  | Event<'accounts.user.changed', { userId: string; version: number }>
  | Event<'accounts.user.suspended', { userId: string }>
  | Event<'accounts.user.reinstated', { userId: string }>
  | Event<'accounts.user.erased', { userId: string }>
  | Event<'accounts.email.verified', { userId: string }>
  | Event<'accounts.roles.assigned', { userId: string; roles: readonly string[] }>
  | Event<'accounts.session.started', { userId: string; sessionId: string }>
  | Event<
      'accounts.session.ended',
      { userId: string; sessionIds: readonly string[]; reason: SessionEndReason }
    >
  | Event<'accounts.key.created', { apiKeyId: string; scopes: readonly string[] }>
  | Event<'accounts.key.revoked', { apiKeyId: string }>
  | Event<
      'accounts.privacy.requested',
      { requestId: string; kind: 'EXPORT' | 'ERASURE'; userId: string; domains: readonly string[] }
    >
  | Event<'accounts.privacy.completed', { requestId: string; kind: 'EXPORT' | 'ERASURE'; userId: string }>
  | Event<'accounts.privacy.cancelled', { requestId: string; userId: string }>;

/** Raised when `data` of a type changes in a way that its readers must know. */
export const EVENT_VERSIONS: Record<AccountsEvent['type'], number> = {
  'accounts.user.opened': 1,
  'accounts.user.changed': 1,
  'accounts.user.suspended': 1,
  'accounts.user.reinstated': 1,
  'accounts.user.erased': 1,
  'accounts.email.verified': 1,
  'accounts.roles.assigned': 1,
  'accounts.session.started': 1,
  'accounts.session.ended': 1,
  'accounts.key.created': 1,
  'accounts.key.revoked': 1,
  'accounts.privacy.requested': 1,
  'accounts.privacy.completed': 1,
  'accounts.privacy.cancelled': 1,
};
