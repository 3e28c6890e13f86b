import { describe, expect, test } from '@jest/globals';
import { makeCollator } from './collation.ts';
import type { Doc } from './types.ts';

describe('collations', () => {
  test.each<[string, Doc, string, string, number]>([
    ['base letters only', { locale: 'en', strength: 1 }, 'a', 'Á', 0],
    ['accents count', { locale: 'en', strength: 2 }, 'a', 'á', -1],
    ['case does not', { locale: 'en', strength: 2 }, 'a', 'A', 0],
    ['case counts', { locale: 'en', strength: 3 }, 'a', 'A', -1],
    ['case without accents', { locale: 'en', strength: 1, caseLevel: true }, 'a', 'A', -1],
    ['accents do not with caseLevel', { locale: 'en', strength: 1, caseLevel: true }, 'a', 'á', 0],
    ['upper case first', { locale: 'en', caseFirst: 'upper' }, 'a', 'A', 1],
    ['numbers by value', { locale: 'en', numericOrdering: true }, 'a10', 'a9', 1],
    ['numbers by digits', { locale: 'en' }, 'a10', 'a9', -1],
    ['punctuation shifted', { locale: 'en', strength: 1, alternate: 'shifted' }, 'a-b', 'ab', 0],
    ['Swedish', { locale: 'sv' }, 'ö', 'z', 1],
    ['German', { locale: 'de' }, 'ö', 'z', -1],
    ['German phone books', { locale: 'de@collation=phonebook', strength: 1 }, 'ö', 'oe', 0],
    ['an underscore in the name', { locale: 'en_US' }, 'a', 'b', -1],
  ])('%s', (_, spec, a, b, expected) => {
    const collator = makeCollator(spec)!;
    expect(Math.sign(collator.compare(a, b))).toBe(expected);
    expect(collator.key(a) === collator.key(b)).toBe(expected === 0);
  });

  test('none, and the simple one, are none', () => {
    expect(makeCollator(undefined)).toBeUndefined();
    expect(makeCollator({ locale: 'simple' })).toBeUndefined();
  });

  test('what listIndexes shows of a collation can be given back', () => {
    const spec: Doc = {
      locale: 'en',
      caseLevel: false,
      caseFirst: 'off',
      strength: 2,
      numericOrdering: false,
      alternate: 'non-ignorable',
      maxVariable: 'punct',
      normalization: false,
      backwards: false,
      version: '57.1',
    };
    expect(makeCollator(spec)!.compare('a', 'A')).toBe(0);
  });

  test.each<[Doc, number]>([
    [{}, 40414],
    [{ locale: 1 }, 14],
    [{ locale: 'xx' }, 2],
    [{ locale: 'en', foo: 1 }, 40415],
    [{ locale: 'en', strength: 'x' }, 14],
    [{ locale: 'en', strength: 9 }, 2],
    [{ locale: 'en', strength: 4 }, 2],
    [{ locale: 'en', caseLevel: 1 }, 14],
    [{ locale: 'en', caseFirst: 'x' }, 2],
    [{ locale: 'en', caseFirst: 1 }, 14],
    [{ locale: 'fr', backwards: true }, 2],
    [{ locale: 'en', maxVariable: 'space' }, 2],
    [{ locale: 'simple', strength: 1 }, 2],
    [{ locale: '!' }, 2],
  ])('%j is refused', (spec, code) => {
    expect(() => makeCollator(spec)).toThrow(expect.objectContaining({ code }));
  });
});
