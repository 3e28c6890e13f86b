import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { SCOPE_NAMES } from '../domain/scopes.ts';
import { claimsOf, newPerson } from '../tests/desk.ts';
import { openRoom, type TestRoom } from '../tests/room.ts';

withPostgres('Tokens of machines', () => {
  let room: TestRoom;
  beforeAll(async () => {
    room = await openRoom();
  });
  afterAll(() => room.close());
  const call: TestRoom['call'] = (...args) => room.call(...args);

  test('a machine trades its key for a token at the OAuth endpoint, until the key is revoked', async () => {
    const { user } = await newPerson(room.desk);
    const maker = { userId: user.id, scopes: SCOPE_NAMES };
    const created = await call(
      'apiKeyCreate',
      { name: 'Scale', scopes: ['orders:read', 'inventory:write'] },
      'secret apiKey { id prefix scopes lastUsedAt createdBy { id } }',
      maker,
    );
    const { secret, apiKey } = created;
    expect(apiKey).toMatchObject({
      lastUsedAt: null,
      createdBy: { id: user.id },
      scopes: ['inventory:write', 'orders:read'],
    });

    const token = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      room.send('POST', '/oauth/token', {
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields).toString(),
      });
    const grant = { grant_type: 'client_credentials' };
    const good = await token({ ...grant, client_id: apiKey.id, client_secret: secret });
    expect(good.status).toBe(200);
    expect(good.headers['cache-control']).toBe('no-store');
    const body = JSON.parse(good.body.toString());
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'inventory:write orders:read',
    });
    expect(claimsOf(body.access_token)).toMatchObject({ client_id: apiKey.id, iss: 'https://shop.test' });

    const basic = { authorization: `Basic ${Buffer.from(`${apiKey.id}:${secret}`).toString('base64')}` };
    const lesser = await token({ ...grant, scope: 'orders:read' }, basic);
    expect(JSON.parse(lesser.body.toString()).scope).toBe('orders:read');

    const refusals: [Record<string, string>, Record<string, string>, number, string][] = [
      [{ ...grant, client_id: apiKey.id, client_secret: 'wrong' }, {}, 401, 'invalid_client'],
      [{ ...grant, client_id: apiKey.id }, {}, 401, 'invalid_client'],
      [{ ...grant, client_secret: secret }, basic, 401, 'invalid_client'],
      [{ ...grant }, { authorization: 'Basic Og==' }, 401, 'invalid_client'],
      [{ ...grant, scope: 'ledger:read' }, basic, 400, 'invalid_scope'],
      [{ grant_type: 'password' }, basic, 400, 'unsupported_grant_type'],
      [{ ...grant }, { 'content-type': 'application/json' }, 400, 'invalid_request'],
    ];
    for (const [fields, headers, status, error] of refusals) {
      const response = await token(fields, headers);
      expect([response.status, JSON.parse(response.body.toString()).error]).toEqual([status, error]);
      expect(response.headers['www-authenticate'] !== undefined).toBe(status === 401);
    }
    const twice = await room.send('POST', '/oauth/token', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=a&client_id=b`,
    });
    expect(JSON.parse(twice.body.toString()).error).toBe('invalid_request');

    const revoked = await call('apiKeyRevoke', { apiKeyId: apiKey.id }, 'apiKey { revokedAt }', maker);
    expect(revoked.apiKey.revokedAt).toMatch(/Z$/);
    expect((await token({ ...grant }, basic)).status).toBe(401);
  });

  test('the key set is public, may be kept for a while, and holds no secret', async () => {
    const response = await room.send('GET', '/.well-known/jwks.json');
    expect(response.status).toBe(200);
    expect(response.headers['cache-control']).toBe('public, max-age=300');
    const { keys } = JSON.parse(response.body.toString());
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });
});
