import { beforeEach, describe, expect, test } from '@jest/globals';
import { createRevocations, type Revocations } from './revocations.ts';

const CLAIMS = { userId: 'sub', sessionId: 'sid', apiKeyId: 'client_id' };
const MINUTE = 60_000;
let now: number;
let revocations: Revocations;

beforeEach(() => {
  now = Date.parse('2026-03-01T12:00:00Z');
  revocations = createRevocations({ claims: CLAIMS, keptMs: 30 * MINUTE, maxKept: 3 }, () => now);
});

const hear = (what: object, at = now) =>
  revocations.hear(JSON.stringify({ ...what, at: new Date(at).toISOString() }));
const ended = (claims: object, issuedAt = now - MINUTE) =>
  revocations.ended(revocations.of({ iat: issuedAt / 1_000, ...claims }));

describe('a revocation', () => {
  test('of a user ends their tokens from before, and none from after', () => {
    expect(ended({ sub: 'u1' })).toBe(false);
    hear({ userId: 'u1' });
    expect([ended({ sub: 'u1' }), ended({ sub: 'u1' }, now - 1), ended({ sub: 'u1' }, now)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([ended({ sub: 'u2' }), ended({ sub: 'u2', sid: 'u1' })]).toEqual([false, false]);
    expect(revocations.ended(revocations.of({ sub: 'u1' }))).toBe(true);
  });

  test.each([
    ['session', { sessionId: 's1' }, { sub: 'u1', sid: 's1' }, { sub: 'u1', sid: 's2' }],
    ['key', { apiKeyId: 'k1' }, { sub: 'k1', client_id: 'k1' }, { sub: 'k2', client_id: 'k2' }],
  ])('of a %s ends its tokens for good, whatever their clock says', (_, what, its, others) => {
    hear(what);
    expect([ended(its), ended(its, now + 5_000), ended(others)]).toEqual([true, true, false]);
  });

  test('that comes twice, or late, takes nothing back', () => {
    hear({ userId: 'u1' });
    hear({ userId: 'u1' }, now - 5 * MINUTE);
    expect(ended({ sub: 'u1' })).toBe(true);
    expect(revocations.size()).toBe(1);
  });

  test('from a clock that runs ahead locks nobody out for long', () => {
    hear({ userId: 'u1' }, now + 86_400_000);
    expect(ended({ sub: 'u1' }, now + 2 * MINUTE)).toBe(false);
  });

  test.each([
    '',
    'x',
    'null',
    '7',
    '{}',
    '{"userId":"u1"}',
    '{"userId":1,"at":"2026-03-01T12:00:00Z"}',
    '{"userId":"u1","at":"soon"}',
    '{"constructor":"u1","at":"2026-03-01T12:00:00Z"}',
  ])('that is none, as %s, changes nothing', (message) => {
    expect(revocations.hear(message)).toBe(false);
    expect(revocations.size()).toBe(0);
  });
});

describe('memory', () => {
  test('ends with the last token from before', () => {
    hear({ sessionId: 's1' });
    now += 31 * MINUTE;
    hear({ sessionId: 's2' });
    expect(revocations.size()).toBe(1);
  });

  test('that is full refuses all from before what it cannot hold, rather than let one of them in', () => {
    const first = now;
    for (const id of ['s1', 's2', 's3', 's4']) {
      hear({ sessionId: id });
      now += 1_000;
    }
    expect(revocations.size()).toBe(3);
    expect(ended({ sid: 's1' }, first - 1)).toBe(true);
    expect(ended({ sid: 'other' }, first - 1)).toBe(true);
    expect(ended({ sid: 'other' }, first)).toBe(false);
  });
});
