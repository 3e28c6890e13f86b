import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withPostgres } from '@souk/kit/tests/stores';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { listSigningKeys } from '../store/signing-keys.ts';
import { DAY, type Desk, MINUTE, openDesk } from '../tests/desk.ts';
import { tokenForMachine } from './access-tokens.ts';
import { createSigningKeys } from './signing-keys.ts';
import { createVault } from './vault.ts';

withPostgres('Signing keys', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  const newToken = async () =>
    (await tokenForMachine(desk.services, { apiKeyId: 'key_test', scopes: ['orders:read'] })).text;
  const holds = async (token: string) => {
    const keys = createLocalJWKSet({ keys: await desk.services.signingKeys.published() });
    const verified = jwtVerify(token, keys, { currentDate: desk.services.now() });
    return verified.then(
      () => true,
      () => false,
    );
  };
  const another = () => createSigningKeys({ ...desk.services });

  test('any number of processes that start at once make one key', async () => {
    await Promise.all(Array.from({ length: 6 }, () => another().signer()));
    expect(await listSigningKeys(desk.services.db)).toHaveLength(1);
  });

  test('tokens hold through a change of keys, and one process follows what another did', async () => {
    const first = (await desk.services.signingKeys.signer()).id;
    desk.pass(30 * DAY - 30 * MINUTE);
    const token = await newToken();
    await another().rotate();
    desk.pass(2 * MINUTE);
    expect(await desk.services.signingKeys.published()).toHaveLength(2);
    expect((await desk.services.signingKeys.signer()).id).toBe(first);
    desk.pass(31 * MINUTE);
    expect((await desk.services.signingKeys.signer()).id).not.toBe(first);
    expect(await holds(await newToken())).toBe(true);
    const fresh = createLocalJWKSet({ keys: await desk.services.signingKeys.published() });
    await expect(jwtVerify(token, fresh, { currentDate: new Date() })).resolves.toBeDefined();
    desk.pass(61 * MINUTE);
    await desk.services.signingKeys.rotate();
    expect(await listSigningKeys(desk.services.db)).toHaveLength(1);
  });

  test('after a pause of months the first token makes the key that signs it', async () => {
    desk.pass(200 * DAY);
    expect(await holds(await newToken())).toBe(true);
  });

  test('replacing all keys ends every token at once', async () => {
    const token = await newToken();
    await desk.services.signingKeys.replaceAll();
    expect(await holds(token)).toBe(false);
    expect(await holds(await newToken())).toBe(true);
  });

  test('private keys are sealed, and a process with another key says which setting is wrong', async () => {
    const [row] = await listSigningKeys(desk.services.db);
    expect(row!.sealedPrivateKey.includes(Buffer.from('302e0201', 'hex'))).toBe(false);
    const stranger = createSigningKeys({
      ...desk.services,
      vault: createVault([createSecretKey(randomBytes(32))]),
    });
    await expect(stranger.signer()).rejects.toThrow('SOUK_ACCOUNTS_KEY does not open a signing-key');
  });
});
