/** The services of the room for tests: real tables, light hashes, a clock that tests move, mails and revocations kept. */
import { createSecretKey, randomBytes } from 'node:crypto';
import type { Viewer } from '@souk/kit/auth/viewer';
import { postgresOutbox } from '@souk/kit/events/outbox-postgres';
import { silentLog } from '@souk/kit/observe/log';
import { unfollowed } from '@souk/kit/tests/unfollowed';
import { createIdMaker } from '@souk/kit/values/ids';
import { createAfterwards } from '../afterwards.ts';
import { ADMIN_ROLE } from '../domain/built-in-roles.ts';
import { createPasswords } from '../domain/passwords.ts';
import { PRIVACY_DOMAINS } from '../domain/privacy-domains.ts';
import type { Revocation } from '../domain/revocation.ts';
import { SCOPE_NAMES } from '../domain/scopes.ts';
import type { Actor, Services } from '../domain/services.ts';
import type { SessionTokens } from '../domain/sessions.ts';
import { signUp } from '../domain/sign-up.ts';
import { createSigningKeys } from '../domain/signing-keys.ts';
import { createVault } from '../domain/vault.ts';
import type { Mail } from '../mail/mail.ts';
import { giveRoles, widenRole } from '../store/roles.ts';
import { outbox, type UserRow } from '../store/tables.ts';
import { type OwnSchema, openOwnSchema } from './own-schema.ts';

export interface Desk {
  services: Services;
  postgres: OwnSchema;
  mails: Mail[];
  revocations: Revocation[];
  /** How often the sweeper of privacy requests was woken. */
  wakes(): number;
  /** Moves the clock. */
  pass(milliseconds: number): void;
  /** Until mails and other work after answers are done. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

export const PASSWORD = 'nine purple teapots whistle';

export async function openDesk(): Promise<Desk> {
  const postgres = await openOwnSchema();
  const { db } = postgres;
  let skew = 0;
  let woken = 0;
  const now = () => new Date(Date.now() + skew);
  const newId = createIdMaker({
    now: () => now().getTime(),
    fillRandom: (bytes) => bytes.set(randomBytes(bytes.length)),
  });
  const vault = createVault([createSecretKey(randomBytes(32))]);
  const mails: Mail[] = [];
  const revocations: Revocation[] = [];
  let afterwards = createAfterwards(silentLog);
  await widenRole(db, ADMIN_ROLE, SCOPE_NAMES);
  const services: Services = {
    db,
    outbox: postgresOutbox(db, outbox),
    log: silentLog,
    now,
    newId,
    live: unfollowed,
    passwords: await createPasswords({ memory: 64, passes: 1, lanes: 1 }),
    vault,
    signingKeys: createSigningKeys({ db, vault, newId, now }),
    afterwards: (work) => afterwards.run(work),
    post: (mail) => {
      mails.push(mail);
    },
    revoke: async (revocation) => {
      revocations.push(revocation);
    },
    privacyWork: {
      wake: () => {
        woken += 1;
      },
    },
    privacyDomains: PRIVACY_DOMAINS,
    urls: { public: 'https://shop.test', storefront: 'https://store.test' },
  };
  return {
    services,
    postgres,
    mails,
    revocations,
    wakes: () => woken,
    pass: (milliseconds) => {
      skew += milliseconds;
    },
    settle: async () => {
      await afterwards.finish();
      afterwards = createAfterwards(silentLog);
    },
    close: async () => {
      await afterwards.finish();
      await postgres.close();
    },
  };
}

let people = 0;

export function newAddress(): string {
  people += 1;
  return `person-${people}-${randomBytes(4).toString('hex')}@example.com`;
}

export function guest(network?: string): Actor {
  return { viewer: { scopes: [] }, requestId: 'test-request', device: 'Firefox on Linux', network };
}

export function acting(viewer: Partial<Viewer>): Actor {
  return { ...guest(), viewer: { scopes: [], ...viewer } };
}

export interface Person {
  user: UserRow;
  tokens: SessionTokens;
  email: string;
  sessionId: string;
  actor: Actor;
}

export async function newPerson(desk: Desk, roles: readonly string[] = []): Promise<Person> {
  const email = newAddress();
  const opened = await signUp(desk.services, guest(), {
    email,
    password: PASSWORD,
    displayName: 'Ada Example',
    locale: 'en',
  });
  if (!opened.ok) throw new Error(JSON.stringify(opened.errors));
  const { user, tokens } = opened.value;
  if (roles.length > 0) await giveRoles(desk.services.db, user.id, roles);
  const sessionId = claimsOf(tokens.accessToken).sid as string;
  return { user, tokens, email, sessionId, actor: acting({ userId: user.id, sessionId }) };
}

/** What a token says, taken on trust. */
export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString('utf8')) as Record<string, unknown>;
}

/** The token in the link of the last mail to an address. */
export function mailedToken(desk: Desk, to: string): string {
  const mail = desk.mails.findLast((candidate) => candidate.to === to && candidate.text.includes('token='));
  const token = /token=(\S+)/.exec(mail?.text ?? '')?.[1];
  if (!token) throw new Error(`no link was mailed to ${to}`);
  return decodeURIComponent(token);
}
