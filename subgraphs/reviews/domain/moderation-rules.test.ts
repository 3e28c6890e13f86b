import { describe, expect, test } from '@jest/globals';
import { foldText, reasonsInTexts, reasonsToHold, standingOf } from './moderation-rules.ts';

const rules = {
  mediaHosts: [],
  blockedWords: ['casino', 'free money'],
  postsPerHour: 20,
  holdsFirstPosts: true,
};
const reasons = (...texts: string[]) => reasonsInTexts(rules, texts);

describe('Words that hold a post back', () => {
  test('are found in any case, with accents, and across signs', () => {
    for (const text of ['Casino!', 'the CÁSINO', 'free, money', 'Free\nMoney here', 'ＣＡＳＩＮＯ']) {
      expect(reasons('fine', text)).toEqual(['BLOCKED_WORD']);
    }
  });

  test('are whole words', () => {
    for (const text of ['casinos are not', 'sugarfree moneybox', 'freedom'])
      expect(reasons(text)).toEqual([]);
  });

  test('are folded the same way as texts', () => {
    expect(foldText('  Très—BON!! ')).toBe('tres bon');
    expect(foldText('…')).toBe('');
  });
});

test('addresses of the web and of mail are links; sentences are none', () => {
  for (const text of [
    'see https://a.example',
    'www.a.example',
    'mail me@a.example',
    'go to shop-now.store',
    'bit.ly/x',
  ]) {
    expect(reasons(text)).toEqual(['LINK']);
  }
  for (const text of [
    'Nice.And good',
    'e.g. a lamp',
    '10.50 euros',
    'Version 2.0',
    '@home it is',
    'I like it.Me too',
  ]) {
    expect([text, reasons(text)]).toEqual([text, []]);
  }
});

test('newcomers wait, but buyers, known authors and staff do not', () => {
  const nobody = { isBuyer: false, hasPublished: false, isStaff: false };
  expect(reasonsToHold(rules, ['fine'], nobody)).toEqual(['FIRST_POST']);
  expect(reasonsToHold(rules, ['fine'], { ...nobody, isBuyer: true })).toEqual([]);
  expect(reasonsToHold(rules, ['fine'], { ...nobody, hasPublished: true })).toEqual([]);
  expect(reasonsToHold(rules, ['www.shop.example'], { ...nobody, isStaff: true })).toEqual([]);
  expect(reasonsToHold({ ...rules, holdsFirstPosts: false }, ['fine'], nobody)).toEqual([]);
});

test('a place in the queue is kept while reasons change', () => {
  const queuedAt = new Date(1_000);
  const queue = { id: 'mod_1', reasons: ['LINK' as const], reportCount: 0, queuedAt };
  const input = {
    held: ['BLOCKED_WORD' as const],
    reportCount: 2,
    queue,
    now: new Date(),
    newQueueId: () => 'mod_2',
  };
  expect(standingOf(input)).toEqual({
    state: 'PENDING',
    queue: { id: 'mod_1', reasons: ['REPORTED', 'BLOCKED_WORD'], reportCount: 2, queuedAt },
  });
  expect(standingOf({ ...input, held: [], reportCount: 0 })).toEqual({ state: 'PUBLISHED', queue: null });
  expect(standingOf({ ...input, held: [], reportCount: 4 }).state).toBe('PUBLISHED');
  expect(standingOf({ ...input, held: [], reportCount: 5 }).state).toBe('PENDING');
});
