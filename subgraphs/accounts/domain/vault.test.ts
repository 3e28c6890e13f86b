import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashOfRecoveryCode, newRecoveryCodes, possibleHashes } from './recovery-codes.ts';
import { createVault } from './vault.ts';

const newKey = () => createSecretKey(randomBytes(32));
const key = newKey();
const vault = createVault([key]);

test('what was sealed is opened again, and never looks the same twice', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const secret = Buffer.from(bytes);
      const sealed = vault.seal('totp-secret', secret);
      expect(vault.open('totp-secret', sealed).equals(secret)).toBe(true);
      expect(vault.seal('totp-secret', secret).equals(sealed)).toBe(false);
    }),
  );
});

test('what was changed, cut short or sealed for another purpose is not opened', () => {
  const sealed = vault.seal('totp-secret', Buffer.from('secret'));
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed);
    changed[index]! ^= 1;
    expect(() => vault.open('totp-secret', changed)).toThrow('SOUK_ACCOUNTS_KEY');
    expect(() => vault.open('totp-secret', sealed.subarray(0, index))).toThrow('SOUK_ACCOUNTS_KEY');
  }
  expect(() => vault.open('signing-key', sealed)).toThrow('signing-key');
});

test('a key can be changed: the old one still opens and still counts, the new one is used', () => {
  const before = vault.seal('signing-key', Buffer.from('old'));
  const mac = vault.mac('audit', 'entry');
  const fresh = newKey();
  const rotated = createVault([fresh, key]);
  expect(rotated.open('signing-key', before).toString()).toBe('old');
  expect(rotated.isMac('audit', 'entry', mac)).toBe(true);
  expect(rotated.mac('audit', 'entry').equals(mac)).toBe(false);
  expect(createVault([fresh]).isMac('audit', 'entry', mac)).toBe(false);
  expect(rotated.isMac('audit', 'entry', mac.subarray(1))).toBe(false);
});

test('recovery codes are ten, all different, and bound to their user', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[a-z2-9]{5}-[a-z2-9]{5}$/);
  const [code] = codes;
  const hash = hashOfRecoveryCode(vault, 'usr_1', code!);
  expect(possibleHashes(vault, 'usr_1', code!.toUpperCase().replace('-', ' '))[0]!.equals(hash)).toBe(true);
  expect(possibleHashes(vault, 'usr_2', code!)[0]!.equals(hash)).toBe(false);
});
