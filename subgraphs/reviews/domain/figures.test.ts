/** Stars, scores and texts: rules that need no store. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { helpfulScore } from './helpfulness.ts';
import { addRatingChange, ratingChange, ratingOf } from './rating.ts';
import { checkText, cleanText, HEADLINE } from './texts.ts';

const reviews = fc.record({
  state: fc.constantFrom('PENDING' as const, 'PUBLISHED' as const, 'REJECTED' as const, 'WITHDRAWN' as const),
  stars: fc.integer({ min: 1, max: 5 }),
  isVerifiedPurchase: fc.boolean(),
});

describe('The rating', () => {
  test('is the same whether added up change by change or counted at the end', () => {
    const histories = fc.array(fc.array(reviews, { minLength: 1, maxLength: 5 }), { maxLength: 20 });
    fc.assert(
      fc.property(histories, (all) => {
        const sum = { stars: {}, verified: 0 };
        for (const history of all) {
          history.forEach((after, index) => {
            const change = ratingChange(history[index - 1], after);
            if (change) addRatingChange(sum, change);
          });
        }
        const published = all.map((history) => history.at(-1)!).filter(({ state }) => state === 'PUBLISHED');
        const rating = ratingOf(sum);
        expect(rating.count).toBe(published.length);
        expect(rating.verifiedCount).toBe(
          published.filter(({ isVerifiedPurchase }) => isVerifiedPurchase).length,
        );
        const points = published.reduce((total, { stars }) => total + stars, 0);
        if (published.length === 0) expect(rating.average).toBeNull();
        else expect(rating.average).toBeCloseTo(points / published.length, 1);
      }),
    );
  });

  test('does not change with an edit that it does not count', () => {
    const review = { state: 'PUBLISHED' as const, stars: 3, isVerifiedPurchase: true };
    expect(ratingChange(review, review)).toBeUndefined();
    expect(ratingChange(undefined, { ...review, state: 'PENDING' })).toBeUndefined();
    expect(ratingChange(review, { ...review, isVerifiedPurchase: false })).toEqual({
      stars: {},
      verified: -1,
    });
  });

  test('has two decimals', () => {
    expect(ratingOf({ stars: { 5: 1, 4: 1, 3: 1 }, verified: 0 }).average).toBe(4);
    expect(ratingOf({ stars: { 5: 2, 4: 1 }, verified: 0 }).average).toBe(4.67);
  });
});

describe('The score of helpfulness', () => {
  test('lies between 0 and the part of helpful votes', () => {
    const votes = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(votes, votes, (helpful, unhelpful) => {
        const score = helpfulScore(helpful, unhelpful);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(helpful / Math.max(1, helpful + unhelpful));
      }),
      { examples: [[0, 11]] },
    );
  });

  test('does not let one vote win', () => {
    expect(helpfulScore(40, 4)).toBeGreaterThan(helpfulScore(1, 0));
    expect(helpfulScore(2, 0)).toBeGreaterThan(helpfulScore(1, 0));
    expect(helpfulScore(0, 0)).toBe(0);
  });
});

describe('A text', () => {
  test('loses what cannot be shown, and keeps its lines', () => {
    expect(cleanText('  a\r\nb\u0000\u202ec\ud800d\u2028e\t ')).toBe('a\nbcd\ne');
    expect(cleanText('e\u0301')).toBe('é');
  });

  test('is measured in letters', () => {
    expect(checkText(HEADLINE, '🌙'.repeat(100), 'title').ok).toBe(true);
    expect(checkText(HEADLINE, '🌙'.repeat(101), 'title').ok).toBe(false);
    expect(checkText(HEADLINE, 'two\nlines', 'title')).toEqual({ ok: true, value: 'two lines' });
  });
});
