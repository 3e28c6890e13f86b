import { expect, test } from '@jest/globals';
import { codeAt, isTotpCode, newTotpSecret, stepOfCode } from './totp.ts';

/** RFC 6238, appendix B, SHA-1, the last six digits. */
const RFC_SECRET = Buffer.from('12345678901234567890');

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
])('at %d seconds the code of the RFC is %s', (seconds, code) => {
  expect(stepOfCode(RFC_SECRET, code, new Date(seconds * 1000))).toBe(Math.floor(seconds / 30));
});

test('a clock may be half a minute off, and a code belongs to its own step', () => {
  const { base32, bytes } = newTotpSecret('ada@example.com');
  const now = new Date('2026-03-01T12:00:10Z');
  const step = Math.floor(now.getTime() / 30_000);
  const code = codeAt(base32, now);
  expect(stepOfCode(bytes, `${code.slice(0, 3)} ${code.slice(3)}`, now)).toBe(step);
  expect(stepOfCode(bytes, code, new Date(now.getTime() + 30_000))).toBe(step);
  expect(stepOfCode(bytes, code, new Date(now.getTime() - 30_000))).toBe(step);
  expect(stepOfCode(bytes, code, new Date(now.getTime() + 61_000))).toBeUndefined();
});

test('six digits are a code, and nothing else is', () => {
  expect(isTotpCode('123 456')).toBe(true);
  for (const text of ['12345', '1234567', 'abcdef', '١٢٣٤٥٦', '']) expect(isTotpCode(text)).toBe(false);
});

test('the link for authenticators names shop and account', () => {
  const { uri, base32 } = newTotpSecret('ada@example.com');
  expect(uri).toMatch(/^otpauth:\/\/totp\/Souk:ada%40example\.com\?/);
  expect(new URL(uri).searchParams.get('secret')).toBe(base32);
});
