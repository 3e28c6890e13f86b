import { expect, test } from '@jest/globals';
import { createPasswords } from './passwords.ts';

const LIGHT = { memory: 64, passes: 1, lanes: 1 };

test('hashes are argon2id at the cost that OWASP recommends', async () => {
  const passwords = await createPasswords();
  const hash = await passwords.hash('nine purple teapots');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(passwords.isOutdated(hash)).toBe(false);
  expect(passwords.isOutdated(await (await createPasswords(LIGHT)).hash('x'))).toBe(true);
});

test('a password fits its own hash and no other, however its letters are composed', async () => {
  const passwords = await createPasswords(LIGHT);
  const hash = await passwords.hash('m\u00fctze und schal');
  expect(await passwords.verify(hash, 'mu\u0308tze und schal')).toBe(true);
  expect(await passwords.verify(hash, 'mutze und schal')).toBe(false);
  expect(await passwords.hash('m\u00fctze und schal')).not.toBe(hash);
});

test('nobody has a password, not even the one that is hashed for them', async () => {
  const passwords = await createPasswords(LIGHT);
  expect(await passwords.verify(undefined, 'the password of nobody')).toBe(false);
  expect(await passwords.verify(null, '')).toBe(false);
});
