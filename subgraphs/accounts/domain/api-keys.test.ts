import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { findApiKeys } from '../store/api-keys.ts';
import { apiKeys } from '../store/tables.ts';
import { acting, claimsOf, DAY, type Desk, MINUTE, newPerson, openDesk } from '../tests/desk.ts';
import { createApiKey, endApiKey, exchangeApiKey, type TypedApiKey } from './api-keys.ts';

withPostgres('API keys', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const maker = acting({ userId: 'usr_maker', scopes: ['apikeys:write', 'orders:read', 'catalog:read'] });
  const make = async (typed: Partial<TypedApiKey> = {}) => {
    const { user } = await newPerson(desk);
    const actor = acting({ ...maker.viewer, userId: user.id });
    return createApiKey(desk.services, actor, {
      name: 'Warehouse',
      scopes: ['orders:read', 'catalog:read'],
      ...typed,
    });
  };
  const made = async (typed: Partial<TypedApiKey> = {}) => {
    const outcome = await make(typed);
    if (!outcome.ok) throw new Error(outcome.errors[0]!.code);
    return outcome.value;
  };
  const exchange = (apiKeyId: string, secret: string, scopes?: string[]) =>
    exchangeApiKey(desk.services, { apiKeyId, secret, ...(scopes ? { scopes } : {}) });

  test('a key is shown once, and traded for tokens of five minutes that name the machine', async () => {
    const { apiKey, secret } = await made();
    expect(secret.startsWith(apiKey.prefix)).toBe(true);
    const [row] = await desk.services.db.select().from(apiKeys);
    expect(JSON.stringify(row)).not.toContain(secret.slice(20));
    const outcome = await exchange(apiKey.id, secret);
    if (!outcome.ok) throw new Error(outcome.reason);
    const claims = claimsOf(outcome.token.text);
    expect(claims).toMatchObject({ sub: apiKey.id, client_id: apiKey.id, scope: 'catalog:read orders:read' });
    expect(claims).not.toHaveProperty('sid');
    expect(Math.floor((claims.exp as number) - (claims.iat as number))).toBe(300);
  });

  test('fewer scopes can be asked for, more cannot', async () => {
    const { apiKey, secret } = await made();
    const lesser = await exchange(apiKey.id, secret, ['orders:read']);
    expect(lesser.ok && claimsOf(lesser.token.text).scope).toBe('orders:read');
    expect(await exchange(apiKey.id, secret, ['orders:read', 'ledger:read'])).toEqual({
      ok: false,
      reason: 'invalid_scope',
    });
  });

  test('a wrong secret, an unknown key and an expired one are answered alike', async () => {
    const { apiKey, secret } = await made({ expiresAt: new Date(desk.services.now().getTime() + DAY) });
    const refusal = { ok: false, reason: 'invalid_client' };
    expect(await exchange(apiKey.id, `${secret}x`)).toEqual(refusal);
    expect(await exchange('key_01ARZ3NDEKTSV4RRFFQ69G5FAV', secret)).toEqual(refusal);
    expect(await exchange("' or 1=1 --\0", secret)).toEqual(refusal);
    expect((await exchange(apiKey.id, secret)).ok).toBe(true);
    desk.pass(DAY + 1);
    expect(await exchange(apiKey.id, secret)).toEqual(refusal);
  });

  test('a revoked key is no good at once, the routers are told, and a second time is the same', async () => {
    const { apiKey, secret } = await made();
    const outcome = await endApiKey(desk.services, maker, apiKey.id);
    expect(outcome).toMatchObject({ ok: true, value: { revokedAt: expect.any(Date) } });
    expect(desk.revocations.at(-1)).toEqual({ apiKeyId: apiKey.id, at: expect.any(Date) });
    expect(await exchange(apiKey.id, secret)).toEqual({ ok: false, reason: 'invalid_client' });
    expect(await endApiKey(desk.services, maker, apiKey.id)).toEqual(outcome);
    const unknown = await endApiKey(desk.services, maker, 'key_01ARZ3NDEKTSV4RRFFQ69G5FAV');
    expect(unknown).toMatchObject({ ok: false, errors: [{ code: 'API_KEY_NOT_FOUND' }] });
  });

  test('its use is noted to the minute', async () => {
    const { apiKey, secret } = await made();
    const used = async () => (await findApiKeys(desk.services.db, [apiKey.id]))[0]!.lastUsedAt?.getTime();
    expect(await used()).toBeUndefined();
    await exchange(apiKey.id, secret);
    const first = await used();
    expect(first! % MINUTE).toBe(0);
    desk.pass(2 * MINUTE);
    await exchange(apiKey.id, secret);
    expect(await used()).toBe(first! + 2 * MINUTE);
  });

  test('what is wrong with a key is told at once', async () => {
    const outcome = await make({ name: '', scopes: ['ledger:write'], expiresAt: new Date(0) });
    expect(outcome.ok ? [] : outcome.errors.map(({ code }) => code)).toEqual([
      'SCOPE_NOT_HELD',
      'VALUE_INVALID',
      'VALUE_INVALID',
    ]);
    expect(await make({ scopes: [] })).toMatchObject({
      ok: false,
      errors: [{ code: 'VALUE_INVALID', field: ['scopes'] }],
    });
  });

  test('a machine that may make keys is not their maker in person', async () => {
    const machine = acting({ apiKeyId: 'key_1', scopes: ['apikeys:write', 'orders:read'] });
    const outcome = await createApiKey(desk.services, machine, { name: 'Child', scopes: ['orders:read'] });
    expect(outcome).toMatchObject({ ok: true, value: { apiKey: { createdBy: null } } });
  });
});
