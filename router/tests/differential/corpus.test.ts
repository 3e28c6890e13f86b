/** The compiled executor answers every case of the corpus as the stock one does. */
import { describe, expect, test } from '@jest/globals';
import { CORPUS } from './cases/corpus.ts';
import { fallbacks } from './executors.ts';
import { judge, judgeAsServed } from './referee.ts';

test('the corpus is large enough', () => {
  expect(Object.values(CORPUS).flat().length).toBeGreaterThanOrEqual(250);
});

describe.each(Object.entries(CORPUS))('%s', (_, cases) => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    expect(await judge(one)).toBeUndefined();
  });
});

/**
 * Here the two planners send a subgraph other representations, of which its answers are made: fields that are required
 * with arguments, and several fields that require parts of one object (ADR 13 says what Apollo's makes of them).
 */
const PLANNED_OTHERWISE = [
  '@requires of a field, asked for with other arguments',
  'an alias that hides what is required',
  '@provides and @requires',
  '@requires below one object, one of two skipped',
  '@requires below one object, the other skipped',
];

describe.each(Object.entries(CORPUS))('as served: %s', (_, cases) => {
  const comparable = cases.filter(({ name }) => !PLANNED_OTHERWISE.includes(name));
  test.each(comparable.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    expect(await judgeAsServed(one)).toBeUndefined();
  });
});

test('none of them was left to the stock executor', () => {
  expect(Object.fromEntries(fallbacks)).toEqual({});
});
