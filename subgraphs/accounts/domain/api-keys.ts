/** Keys of machines: made by staff, shown once, traded for short tokens at the OAuth 2 endpoint. */
import { timingSafeEqual } from 'node:crypto';
import { invalid, notFound, ok, type Result, refused, type UserError } from '@souk/kit/errors/user-errors';
import { inTransaction } from '@souk/kit/postgres/postgres';
import { isId, timeOfId } from '@souk/kit/values/ids';
import { singleLine } from '@souk/kit/values/text-values';
import { findApiKeys, insertApiKey, noteApiKeyUse, revokeApiKey } from '../store/api-keys.ts';
import type { ApiKeyRow } from '../store/tables.ts';
import { type AccessToken, tokenForMachine } from './access-tokens.ts';
import type { AccountsErrorCode } from './error-codes.ts';
import { scopeErrors } from './granting.ts';
import { hashOfToken, newToken } from './opaque-tokens.ts';
import { record } from './record.ts';
import type { Actor, Services } from './services.ts';

const MAX_NAME = 80;
/** `souk_key_` and six letters: enough to recognise it, too few to use. */
const SHOWN_LETTERS = 15;
const MINUTE_MS = 60_000;

export interface TypedApiKey {
  name: string;
  scopes: readonly string[];
  expiresAt?: Date | null | undefined;
}

export async function createApiKey(
  services: Services,
  actor: Actor,
  typed: TypedApiKey,
): Promise<Result<{ apiKey: ApiKeyRow; secret: string }, AccountsErrorCode>> {
  const name = singleLine(typed.name, MAX_NAME);
  const errors: UserError<AccountsErrorCode>[] = scopeErrors(actor.viewer, typed.scopes);
  if (!name)
    errors.push(invalid('VALUE_INVALID', `The name must be one line of 1 to ${MAX_NAME} characters`, 'name'));
  if (typed.scopes.length === 0) {
    errors.push(
      invalid('VALUE_INVALID', 'A key without scopes can do nothing; give it at least one', 'scopes'),
    );
  }
  if (typed.expiresAt && typed.expiresAt <= services.now()) {
    errors.push(invalid('VALUE_INVALID', 'The end must be in the future', 'expiresAt'));
  }
  if (!name || errors.length > 0) return refused(...errors);

  const secret = newToken('souk_key');
  const id = services.newId('key');
  const scopes = [...new Set(typed.scopes)].sort();
  const apiKey = await inTransaction(services.db, async (tx) => {
    const [row] = await insertApiKey(tx, {
      id,
      name,
      prefix: secret.text.slice(0, SHOWN_LETTERS),
      secretHash: secret.hash,
      scopes,
      createdBy: actor.viewer.userId ?? null,
      expiresAt: typed.expiresAt ?? null,
      createdAt: new Date(timeOfId(id)),
    });
    const event = { type: 'accounts.key.created', aggregateId: id, data: { apiKeyId: id, scopes } } as const;
    await record(
      tx,
      services,
      actor,
      { action: 'API_KEY_CREATED', details: { apiKeyId: id, scopes } },
      event,
    );
    return row!;
  });
  return ok({ apiKey, secret: secret.text });
}

/** Ending it a second time answers the same as the first. */
export async function endApiKey(
  services: Services,
  actor: Actor,
  apiKeyId: string,
): Promise<Result<ApiKeyRow, AccountsErrorCode>> {
  const now = services.now();
  const key = await inTransaction(services.db, async (tx) => {
    const [revoked] = await revokeApiKey(tx, apiKeyId, now);
    if (!revoked) return (await findApiKeys(tx, [apiKeyId]))[0];
    const event = { type: 'accounts.key.revoked', aggregateId: apiKeyId, data: { apiKeyId } } as const;
    await record(tx, services, actor, { action: 'API_KEY_REVOKED', details: { apiKeyId } }, event);
    return revoked;
  });
  if (!key) return refused(notFound('API_KEY_NOT_FOUND', 'There is no such key', 'apiKeyId'));
  await services.revoke({ apiKeyId, at: now });
  return ok(key);
}

export type KeyExchange =
  | { ok: true; token: AccessToken; scopes: readonly string[] }
  | { ok: false; reason: 'invalid_client' | 'invalid_scope' };

/** OAuth 2 client credentials. Asking for fewer scopes than the key has gives a lesser token. */
export async function exchangeApiKey(
  services: Services,
  { apiKeyId, secret, scopes }: { apiKeyId: string; secret: string; scopes?: readonly string[] },
): Promise<KeyExchange> {
  const [key] = isId('key', apiKeyId) ? await findApiKeys(services.db, [apiKeyId]) : [];
  const now = services.now();
  const isGood =
    key !== undefined &&
    timingSafeEqual(key.secretHash, hashOfToken(secret)) &&
    key.revokedAt === null &&
    (key.expiresAt === null || key.expiresAt > now);
  if (!isGood) return { ok: false, reason: 'invalid_client' };
  const granted = scopes ?? key.scopes;
  if (!granted.every((scope) => key.scopes.includes(scope))) return { ok: false, reason: 'invalid_scope' };
  const minute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  if (key.lastUsedAt === null || key.lastUsedAt < minute) await noteApiKeyUse(services.db, key.id, minute);
  return {
    ok: true,
    token: await tokenForMachine(services, { apiKeyId: key.id, scopes: granted }),
    scopes: granted,
  };
}
