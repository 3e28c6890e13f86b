/** The tables of this room as Drizzle sees them. Indexes and constraints stand in migrations/, which make them. */
import { outboxColumns } from '@souk/kit/events/outbox-postgres';
import { type SQL, sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import type { JWK } from 'jose';

export const SCHEMA = 'accounts';
const accounts = pgSchema(SCHEMA);

const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
/** To the millisecond, as JavaScript's dates are: what is read back is what was written. */
const instant = (name: string) => timestamp(name, { precision: 3, withTimezone: true });

export type UserStatus = 'ACTIVE' | 'SUSPENDED' | 'ERASURE_PENDING' | 'ERASED';

/** Derived from the instants beside it, so that the two cannot disagree. */
const statusOf: SQL = sql`case when erased_at is not null then 'ERASED' when suspended_at is not null then 'SUSPENDED'
  when erasure_pending then 'ERASURE_PENDING' else 'ACTIVE' end`;

export const users = accounts.table('users', {
  id: text().primaryKey(),
  email: text(),
  emailKey: text('email_key'),
  emailVerifiedAt: instant('email_verified_at'),
  pendingEmail: text('pending_email'),
  passwordHash: text('password_hash'),
  passwordChangedAt: instant('password_changed_at').notNull(),
  displayName: text('display_name'),
  givenName: text('given_name'),
  familyName: text('family_name'),
  locale: text().notNull(),
  phone: text(),
  suspendedAt: instant('suspended_at'),
  erasurePending: boolean('erasure_pending').notNull().default(false),
  erasedAt: instant('erased_at'),
  status: text().$type<UserStatus>().notNull().generatedAlwaysAs(statusOf),
  displayNameKey: text('display_name_key').generatedAlwaysAs(sql`lower(display_name)`),
  givenNameKey: text('given_name_key').generatedAlwaysAs(sql`lower(given_name)`),
  familyNameKey: text('family_name_key').generatedAlwaysAs(sql`lower(family_name)`),
  version: integer().notNull().default(1),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

export const roles = accounts.table('roles', {
  name: text().primaryKey(),
  description: text().notNull(),
  scopes: text().array().notNull(),
  version: integer().notNull().default(1),
});

export const userRoles = accounts.table(
  'user_roles',
  { userId: text('user_id').notNull(), roleName: text('role_name').notNull() },
  (table) => [primaryKey({ columns: [table.userId, table.roleName] })],
);

export const sessions = accounts.table('sessions', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  device: text().notNull(),
  ipAddress: text('ip_address').notNull(),
  lastUsedAt: instant('last_used_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  endedAt: instant('ended_at'),
  createdAt: instant('created_at').notNull(),
});

export const refreshTokens = accounts.table('refresh_tokens', {
  hash: bytes().primaryKey(),
  sessionId: text('session_id').notNull(),
  spentAt: instant('spent_at'),
  expiresAt: instant('expires_at').notNull(),
});

export type MailedTokenPurpose = 'VERIFY_EMAIL' | 'RESET_PASSWORD';

export const mailedTokens = accounts.table('mailed_tokens', {
  hash: bytes().primaryKey(),
  userId: text('user_id').notNull(),
  purpose: text().$type<MailedTokenPurpose>().notNull(),
  email: text().notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
});

export const mfaChallenges = accounts.table('mfa_challenges', {
  hash: bytes().primaryKey(),
  userId: text('user_id').notNull(),
  triesLeft: integer('tries_left').notNull(),
  expiresAt: instant('expires_at').notNull(),
});

export const attempts = accounts.table('attempts', {
  key: bytes().primaryKey(),
  count: integer().notNull(),
  blockedUntil: instant('blocked_until').notNull(),
  lastAt: instant('last_at').notNull(),
});

export const authenticators = accounts.table('authenticators', {
  userId: text('user_id').primaryKey(),
  sealedSecret: bytes('sealed_secret').notNull(),
  lastStep: bigint('last_step', { mode: 'number' }).notNull().default(0),
  confirmedAt: instant('confirmed_at'),
  expiresAt: instant('expires_at').notNull(),
});

export const recoveryCodes = accounts.table(
  'recovery_codes',
  { userId: text('user_id').notNull(), hash: bytes().notNull() },
  (table) => [primaryKey({ columns: [table.userId, table.hash] })],
);

export const addresses = accounts.table('addresses', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  label: text(),
  recipient: text().notNull(),
  line1: text().notNull(),
  line2: text(),
  city: text().notNull(),
  region: text(),
  postalCode: text('postal_code'),
  countryCode: text('country_code').notNull(),
  phone: text(),
  isDefaultShipping: boolean('is_default_shipping').notNull(),
  isDefaultBilling: boolean('is_default_billing').notNull(),
  lastUsedAt: instant('last_used_at').notNull(),
  version: integer().notNull().default(1),
});

export const apiKeys = accounts.table('api_keys', {
  id: text().primaryKey(),
  name: text().notNull(),
  prefix: text().notNull(),
  secretHash: bytes('secret_hash').notNull(),
  scopes: text().array().notNull(),
  createdBy: text('created_by'),
  lastUsedAt: instant('last_used_at'),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
  createdAt: instant('created_at').notNull(),
});

export const signingKeys = accounts.table('signing_keys', {
  id: text().primaryKey(),
  publicJwk: jsonb('public_jwk').$type<JWK>().notNull(),
  sealedPrivateKey: bytes('sealed_private_key').notNull(),
  createdAt: instant('created_at').notNull(),
  signsFrom: instant('signs_from').notNull(),
  signsUntil: instant('signs_until').notNull(),
  publishedUntil: instant('published_until').notNull(),
});

export type JsonObject = Record<string, unknown>;

export const auditLog = accounts.table('audit_log', {
  seq: bigint({ mode: 'number' }).primaryKey(),
  id: text().notNull(),
  occurredAt: instant('occurred_at').notNull(),
  action: text().notNull(),
  actorId: text('actor_id'),
  apiKeyId: text('api_key_id'),
  subjectId: text('subject_id'),
  ipAddress: text('ip_address'),
  requestId: text('request_id').notNull(),
  details: jsonb().$type<JsonObject>(),
  hash: bytes().notNull(),
});

export const auditHead = accounts.table('audit_head', {
  singleton: boolean().primaryKey().default(true),
  seq: bigint({ mode: 'number' }).notNull(),
  hash: bytes().notNull(),
});

export type PrivacyKind = 'EXPORT' | 'ERASURE';
export type PrivacyState = 'WAITING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
export type PrivacyStepState = 'PENDING' | 'DONE' | 'FAILED';

export const privacyRequests = accounts.table('privacy_requests', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  kind: text().$type<PrivacyKind>().notNull(),
  state: text().$type<PrivacyState>().notNull(),
  runsAt: instant('runs_at').notNull(),
  dueAt: instant('due_at').notNull(),
  createdAt: instant('created_at').notNull(),
  completedAt: instant('completed_at'),
});

export const privacySteps = accounts.table(
  'privacy_steps',
  {
    requestId: text('request_id').notNull(),
    domain: text().notNull(),
    state: text().$type<PrivacyStepState>().notNull(),
    records: integer(),
    retained: text(),
    finishedAt: instant('finished_at'),
    asked: integer().notNull().default(0),
    askAt: instant('ask_at').notNull(),
    data: jsonb(),
  },
  (table) => [primaryKey({ columns: [table.requestId, table.domain] })],
);

export const outbox = accounts.table('outbox', outboxColumns);

export type UserRow = typeof users.$inferSelect;
export type RoleRow = typeof roles.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;
export type AddressRow = typeof addresses.$inferSelect;
export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type SigningKeyRow = typeof signingKeys.$inferSelect;
export type AuditRow = typeof auditLog.$inferSelect;
export type PrivacyRequestRow = typeof privacyRequests.$inferSelect;
export type PrivacyStepRow = typeof privacySteps.$inferSelect;
