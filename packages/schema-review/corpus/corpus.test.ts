/** Everything that a review can find, and everything that it must keep quiet about. */
import { describe, expect, test } from '@jest/globals';
import { CODES } from '../codes.ts';
import { keepHere } from '../tests/keep-here.ts';
import { isLookedAt, readCases, reviewSides, tellFinding } from './cases.ts';

const cases = readCases(__dirname);
const kept = keepHere();

/** Many cases have the same schemas but for a line; all are compared with themselves in the long run. */
const long = Boolean(process.env.SOUK_LONG_TESTS);
const alike = new Set(long ? cases : cases.filter((_, index) => index % 3 === 0));

describe.each(cases)('$name', (one) => {
  const { area, before, after, expected } = one;
  test('tells what is expected, and nothing else', async () => {
    const { findings } = await reviewSides(before, after, expected, kept);
    const told = findings.filter((finding) => isLookedAt(area, finding)).map(tellFinding);
    expect(told).toEqual(expected.findings);
  });

  (alike.has(one) ? test : test.skip)('says nothing of a side against itself', async () => {
    // Few schemas are what most cases begin with; each ends with its own.
    for (const side of long ? [before, after] : [after]) {
      const { findings, composes } = await reviewSides(side, side, expected, kept);
      // What does not compose is told in any case; rules that were broken before are told as safe.
      const ofChange = findings.filter(
        ({ area: of, level }) => !(of === 'composition' && !composes) && !(of === 'rule' && level === 'safe'),
      );
      expect(ofChange.map(tellFinding).filter(({ code }) => code !== 'REMOVAL_OVERDUE')).toEqual([]);
    }
  });
});

test('Every code is found in some case', () => {
  const found = new Set(cases.flatMap(({ expected }) => expected.findings.map(({ code }) => code)));
  expect(Object.keys(CODES).filter((code) => !found.has(code))).toEqual([]);
});

test('Every case says what it is about, and finds what the table has', () => {
  for (const { name, expected } of cases) {
    expect([name, expected.about]).toEqual([name, expect.stringMatching(/\w/)]);
    for (const { code } of expected.findings) expect(CODES).toHaveProperty(code);
  }
});

test('The corpus is large enough to trust, also in what it keeps quiet about', () => {
  expect(cases.length).toBeGreaterThanOrEqual(120);
  const quiet = cases.filter(({ expected }) => expected.findings.length === 0);
  expect(quiet.length).toBeGreaterThanOrEqual(30);
});
