/**
 * What this room tells other domains: plain data, written to the outbox in the transaction of the change itself. Events
 * outlive an erasure in streams and logs, so they carry ids and never names or addresses.
 */
import { declareEvents, type EventOf } from '@souk/kit/events/events';
import { z } from 'zod';

const userId = z.string();
const user = z.object({ userId });
const privacyKind = z.enum(['EXPORT', 'ERASURE']);

/** Events about a privacy request are those of its person, and followed by the request. */
const topicsOfRequest = ({ requestId }: { requestId: string }) => [requestId];

const SESSION_ENDS = ['SIGNED_OUT', 'TOKEN_REUSED', 'PASSWORD_CHANGED', 'SUSPENDED', 'ERASED'] as const;
export type SessionEndReason = (typeof SESSION_ENDS)[number];

export const accountsEvents = declareEvents('accounts', {
  'accounts.user.opened': { version: 1, when: 'somebody opens an account', data: user },
  'accounts.user.changed': {
    version: 1,
    when: 'a profile is edited',
    data: z.object({ userId, version: z.number() }),
  },
  'accounts.user.suspended': { version: 1, when: 'staff suspends a user', data: user },
  'accounts.user.reinstated': { version: 1, when: 'a suspension is taken back', data: user },
  'accounts.user.erased': {
    version: 1,
    when: 'a person is forgotten, everywhere: every domain has answered',
    data: user,
  },
  'accounts.email.verified': { version: 1, when: 'an address is shown to be the user’s own', data: user },
  'accounts.roles.assigned': {
    version: 1,
    when: 'a user gets other roles; these are all of them',
    data: z.object({ userId, roles: z.array(z.string()).readonly() }),
  },
  'accounts.session.started': {
    version: 1,
    when: 'somebody signs in',
    data: z.object({ userId, sessionId: z.string() }),
  },
  'accounts.session.ended': {
    version: 1,
    when: 'sessions end before their time',
    data: z.object({ userId, sessionIds: z.array(z.string()).readonly(), reason: z.enum(SESSION_ENDS) }),
  },
  'accounts.key.created': {
    version: 1,
    when: 'a machine gets a key',
    data: z.object({ apiKeyId: z.string(), scopes: z.array(z.string()).readonly() }),
  },
  'accounts.key.revoked': { version: 1, when: 'a key ends', data: z.object({ apiKeyId: z.string() }) },
  'accounts.privacy.requested': {
    version: 1,
    when: 'an export or an erasure begins; these domains have to answer',
    data: z.object({
      requestId: z.string(),
      kind: privacyKind,
      userId,
      domains: z.array(z.string()).readonly(),
    }),
    topics: topicsOfRequest,
  },
  'accounts.privacy.answered': {
    version: 1,
    when: 'a domain has done its part of an export or an erasure',
    data: z.object({ requestId: z.string(), userId, domain: z.string() }),
    topics: topicsOfRequest,
  },
  'accounts.privacy.completed': {
    version: 1,
    when: 'all of them have answered',
    data: z.object({ requestId: z.string(), kind: privacyKind, userId }),
    topics: topicsOfRequest,
  },
  'accounts.privacy.failed': {
    version: 1,
    when: 'a domain was asked for two days and did not answer',
    data: z.object({ requestId: z.string(), userId, domain: z.string() }),
    topics: topicsOfRequest,
  },
  'accounts.privacy.retried': {
    version: 1,
    when: 'an operator has these domains asked once more',
    data: z.object({ requestId: z.string(), userId, domains: z.array(z.string()).readonly() }),
    topics: topicsOfRequest,
  },
  'accounts.privacy.cancelled': {
    version: 1,
    when: 'a person takes an erasure back in time',
    data: z.object({ requestId: z.string(), userId }),
    topics: topicsOfRequest,
  },
});

/** Events of one aggregate are told in order. */
export type AccountsEvent = EventOf<typeof accountsEvents> & { aggregateId: string };
