import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  hasScope,
  parseViewerKeys,
  randomViewerKey,
  signViewer,
  type Viewer,
  verifyViewer,
} from './viewer.ts';

const key = randomViewerKey();
const now = Date.parse('2026-03-01T12:00:00Z');
const shopper: Viewer = {
  userId: 'usr_1',
  sessionId: 'ses_1',
  scopes: ['orders:read'],
  ip: '192.0.2.7',
  userAgent: 'curl/8',
};

describe('a signed viewer', () => {
  test('arrives as it was sent', () => {
    const full: Viewer = { ...shopper, apiKeyId: 'key_1', roles: ['support'], guestToken: 'g' };
    expect(verifyViewer(signViewer(full, key, { now }), [key], now)).toEqual({
      ok: true,
      viewer: full,
      debug: false,
    });
  });

  test('may be a guest, who has no user id', () => {
    const verified = verifyViewer(signViewer({ scopes: [] }, key, { now }), [key], now);
    expect(verified).toEqual({ ok: true, viewer: { scopes: [] }, debug: false });
  });

  test('can ask for the round trips to be told', () => {
    expect(verifyViewer(signViewer(shopper, key, { now, debug: true }), [key], now)).toMatchObject({
      debug: true,
    });
  });

  test('has the scopes that were signed, and no other', () => {
    expect(hasScope(shopper, 'orders:read')).toBe(true);
    expect(hasScope(shopper, 'orders:write')).toBe(false);
  });

  test('ends after a minute', () => {
    const header = signViewer(shopper, key, { now });
    expect(verifyViewer(header, [key], now + 59_999).ok).toBe(true);
    expect(verifyViewer(header, [key], now + 60_000)).toEqual({ ok: false, reason: 'expired' });
  });

  test('is verified by any of several keys, so that they can be rotated', () => {
    const next = randomViewerKey();
    const header = signViewer(shopper, key, { now });
    expect(verifyViewer(header, [next, key], now).ok).toBe(true);
    expect(verifyViewer(header, [next], now)).toEqual({ ok: false, reason: 'forged' });
  });
});

describe('what is not signed', () => {
  test.each([
    [undefined, 'missing'],
    ['', 'missing'],
    ['abc', 'malformed'],
    ['.abc', 'malformed'],
    ['a'.repeat(9_000), 'malformed'],
    ['abc.def', 'forged'],
    ['abc.', 'forged'],
  ])('%s is refused', (header, reason) => {
    expect(verifyViewer(header, [key], now)).toEqual({ ok: false, reason });
  });

  test('no change of a header goes unnoticed', () => {
    const header = signViewer(shopper, key, { now });
    fc.assert(
      fc.property(fc.nat(header.length - 1), fc.constantFrom(...'ABCabc012-_.'), (place, letter) => {
        fc.pre(header[place] !== letter);
        const changed = header.slice(0, place) + letter + header.slice(place + 1);
        const verified = verifyViewer(changed, [key], now);
        // The last letter of a signature has two bits that mean nothing.
        expect(verified.ok && place < header.length - 1).toBe(false);
      }),
    );
  });

  test('a payload that names another user under an old signature is forged', () => {
    const [payload = '', signature = ''] = signViewer(shopper, key, { now }).split('.');
    const fields = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const other = Buffer.from(JSON.stringify({ ...fields, userId: 'usr_2' })).toString('base64url');
    expect(verifyViewer(`${other}.${signature}`, [key], now)).toEqual({ ok: false, reason: 'forged' });
  });
});

describe('SOUK_VIEWER_KEY', () => {
  const bytes = Buffer.alloc(32, 7);

  test.each([
    ['hex', bytes.toString('hex')],
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
  ])('is read from %s', (_, text) => {
    const [read] = parseViewerKeys(text);
    const header = signViewer(shopper, createSecretKey(bytes), { now });
    expect(verifyViewer(header, [read], now).ok).toBe(true);
  });

  test('holds several keys, the first of which signs', () => {
    expect(parseViewerKeys(`${bytes.toString('hex')}, ${Buffer.alloc(40, 1).toString('hex')}`)).toHaveLength(
      2,
    );
  });

  test.each(['short', 'ab', `${'a'.repeat(64)},x`, 'ä'.repeat(50)])(
    '%s is refused without being told',
    (text) => {
      expect(() => parseViewerKeys(text)).toThrow(/at least 32 bytes in hex or base64/);
      try {
        parseViewerKeys(text);
      } catch (error) {
        expect((error as Error).message).not.toContain(text);
      }
    },
  );
});
