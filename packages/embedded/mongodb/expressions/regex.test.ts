import assert from 'node:assert/strict';
import { expect, test } from '@jest/globals';
import { BSONRegExp } from 'bson';
import fc from 'fast-check';
import { codeOf, error, evaluate, table } from './tests/table.ts';

const match = (input: unknown, regex: unknown, options?: unknown) => ({
  $regexMatch: { input, regex, ...(options === undefined ? {} : { options }) },
});
const findAll = (input: unknown, regex: unknown) => ({ $regexFindAll: { input, regex } });

table('$regexMatch', [
  [match('line 1', 'line'), true],
  [match('LINE', /x/.source), false],
  [match('LINE', 'line', 'i'), true],
  [match('LINE', new BSONRegExp('line', 'i')), true],
  [match('a\nb', '^b'), false],
  [match('a\nb', '^b', 'm'), true],
  [match('a\nb', 'a$', 'm'), true],
  [match('a\r\u2028b', 'a.+b'), true],
  [match('a\nb', 'a.b'), false],
  [match('a\nb', 'a.b', 's'), true],
  [match('a\n', 'a$'), true],
  [match('a\n', 'a\\z'), false],
  [match('a\nb', 'a\\Z'), false],
  [match('ab', 'a b # comment', 'x'), true],
  [match('a b', 'a[ ]b', 'x'), true],
  [match('ABC', '(?i)abc'), true],
  [match('\u00a0', '\\s'), false],
  [match('x\u00a0', '^\\S+$'), true],
  [match('😀', '^.$'), true],
  [match('É', 'é', 'i'), true],
  [match('a.b', '\\Qa.b\\E'), true],
  [match('acb', '\\Qa.b\\E'), false],
  [match('año', '^[[:alpha:]ñ]+$'), true],
  [match('a-b', '[a\\-b]-[\\w-]'), true],
  [match('x]', '[]x]{2}'), true],
  [match('{}', '^{}$'), true],
  [match('aa', '^(?P<x>a)\\k<x>$'), true],
  [match('aa', "^(?'x'a)\\k'x'$"), true],
  [match('a1', '^(a)\\x{31}$'), true],
  [match('Ж', '\\p{Cyrillic}'), true],
  [match('Ж', '\\P{Lu}'), false],
  [match('_@-', '^\\_\\@\\-$'), true],
  [match(null, 'a'), false],
  [match('a', null), false],
  [match('$absent', 'a'), false],
  [match(5, 'a'), error(51104)],
  [match('a', 5), error(51105)],
  [match('a', 'a', 5), error(51106)],
  [match('a', new BSONRegExp('a', 'i'), 'i'), error(51107)],
  [match('a', 'a', 'g'), error(51108)],
  [match('a', 'a\0'), error(51109)],
  [match('a', 'a', '\0'), error(51110)],
  [match('a', '('), error(51111)],
  [match('a', ')'), error(51111)],
  [match('a', '[a'), error(51111)],
  [match('a', '*a'), error(51111)],
  [match('a', 'a\\'), error(51111)],
  [match('a', '(?<=a)b(?>c)'), error(51111)],
  [match('a', 'a++'), error(51111)],
  [{ $regexMatch: 'a' }, error(51103)],
  [{ $regexMatch: { regex: 'a' } }, error(31022)],
  [{ $regexMatch: { input: 'a' } }, error(31023)],
  [{ $regexMatch: { input: 'a', regex: 'a', x: 1 } }, error(31024)],
]);

table('$regexFind', [
  [{ $regexFind: { input: 'café 12', regex: '(\\d)(x)?' } }, { match: '1', idx: 5, captures: ['1', null] }],
  [{ $regexFind: { input: '😀b', regex: 'b' } }, { match: 'b', idx: 1, captures: [] }],
  [{ $regexFind: { input: 'abc', regex: 'x' } }, null],
  [{ $regexFind: { input: '$absent', regex: 'x' } }, null],
  [{ $regexFind: { input: '', regex: '' } }, { match: '', idx: 0, captures: [] }],
]);

table('$regexFindAll', [
  [
    findAll('abab', 'b'),
    [
      { match: 'b', idx: 1, captures: [] },
      { match: 'b', idx: 3, captures: [] },
    ],
  ],
  [
    findAll('😀bc', ''),
    [
      { match: '', idx: 0, captures: [] },
      { match: '', idx: 1, captures: [] },
      { match: '', idx: 2, captures: [] },
    ],
  ],
  [findAll('', 'a*'), [{ match: '', idx: 0, captures: [] }]],
  [
    findAll('aab', 'a*'),
    [
      { match: 'aa', idx: 0, captures: [] },
      { match: '', idx: 2, captures: [] },
    ],
  ],
  [findAll('xyz', 'a'), []],
  [findAll(null, 'a'), []],
  [
    findAll('a12 b3', '([a-z])(\\d+)'),
    [
      { match: 'a12', idx: 0, captures: ['a', '12'] },
      { match: 'b3', idx: 4, captures: ['b', '3'] },
    ],
  ],
]);

test.each([
  ['^(a+)+$', 40],
  ['^(a|aa)+$', 60],
  ['(a*)*b', 40],
  ['(.*)(.*)(.*)(.*)[^a]', 100_000],
])('a pattern that would take for ever, %s, is an error instead', (regex, length) => {
  const input = `${'a'.repeat(length)}${regex.includes('[^a]') ? '' : '!'}`;
  expect(codeOf(() => evaluate({ $regexMatch: { input, regex } }))).toBe(51156);
});

test('patterns of any shape are answered or refused', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      '.',
      '(',
      ')',
      '[',
      ']',
      '*',
      '+',
      '?',
      '{1,2}',
      '|',
      '^',
      '$',
      '\\',
      '\\d',
      '\\b',
      '-',
      'é',
      '😀',
    ],
    ...[
      '(?:',
      '(?=',
      '(?P<n>',
      '\\1',
      '\\k<n>',
      '\\x{41}',
      '[^',
      '[:alpha:]',
      '#',
      ' ',
      '\\Q',
      '\\E',
      '\\p{L}',
    ],
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.constantFrom('', 'i', 'm', 's', 'x'),
      (pieces, options) => {
        const regex = pieces.join('');
        const code = codeOf(() =>
          evaluate({ $regexFindAll: { input: 'aé😀 b-1', regex: { $literal: regex }, options } }),
        );
        assert.ok([undefined, 51111, 51156].includes(code), `${code}`);
      },
    ),
    { numRuns: 2000 },
  );
});
