/**
 * The compiled executor answers every case of the corpus as the stock one does: on the plans that are served, and each third
 * on Apollo's as well. SOUK_LONG_TESTS=1 runs all on both.
 */
import { describe, expect, test } from '@jest/globals';
import { CORPUS } from './cases/corpus.ts';
import { fallbacks } from './executors.ts';
import { judge, judgeAsServed } from './referee.ts';

const SHARE = process.env.SOUK_LONG_TESTS ? 1 : 3;

test('the corpus is large enough', () => {
  expect(Object.values(CORPUS).flat().length).toBeGreaterThanOrEqual(250);
});

describe.each(Object.entries(CORPUS))('%s', (_, cases) => {
  const drawn = cases.filter((_one, index) => index % SHARE === 0);
  test.each(drawn.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    expect(await judge(one)).toBeUndefined();
  });
});

/** What is served comes from the native planner's plans, which the stock executor runs here as well. */
describe.each(Object.entries(CORPUS))('as served: %s', (_, cases) => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    expect(await judgeAsServed(one)).toBeUndefined();
  });
});

test('none of them was left to the stock executor', () => {
  expect(Object.fromEntries(fallbacks)).toEqual({});
});
