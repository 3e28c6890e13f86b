import { describe, expect, test } from '@jest/globals';
import { compileRegex, literalPrefix } from './regex.ts';

const matches = (pattern: string, options: string, text: string) => compileRegex(pattern, options).test(text);

describe('patterns mean what they mean in PCRE', () => {
  test.each([
    // pattern, options, text, matches
    ['^abc', '', 'abcdef', true],
    ['^abc', '', 'xabc', false],
    ['ABC', 'i', 'xabcx', true],
    ['É', 'i', 'é', true],
    ['a.c', '', 'a\nc', false],
    ['a.c', '', 'a\rc', true],
    ['a.c', 's', 'a\nc', true],
    ['^b$', '', 'a\nb', false],
    ['^b$', 'm', 'a\nb', true],
    ['b$', '', 'ab\n', true],
    ['b$', '', 'ab\r', false],
    ['b\\z', '', 'ab\n', false],
    ['\\Aa', 'm', 'b\na', false],
    ['a b # comment', 'x', 'ab', true],
    ['a\\ b', 'x', 'a b', true],
    ['(?i)abc', '', 'ABC', true],
    ['(?is)a.c', '', 'A\nC', true],
    ['[[:alpha:]]+[[:digit:]]', '', 'abc1', true],
    ['[[:^alpha:]]', '', 'abc', false],
    ['[]a]', '', ']', true],
    ['[^]a]', '', ']', false],
    ['[a\\]b]', '', ']', true],
    ['[\\w-]+$', '', 'a-b', true],
    ['[a-]', '', '-', true],
    ['\\d{3}-\\d{2}', '', '123-45', true],
    ['a{,2}', '', 'a{,2}', true],
    ['{x}', '', '{x}', true],
    ['x]', '', 'x]', true],
    ['\\x41\\x{1F600}', '', 'A😀', true],
    ['^.$', '', '😀', true],
    ['\\p{Lu}', '', 'ä', false],
    ['\\p{Lu}', '', 'Ä', true],
    ['\\pL\\P{L}', '', 'a1', true],
    ['\\p{Han}', '', '世', true],
    ['\\Qa.b\\E', '', 'a.b', true],
    ['\\Qa.b\\E', '', 'axb', false],
    ['\\Qab\\E+$', '', 'abbb', true],
    ['(?P<x>a)\\k<x>', '', 'aa', true],
    ['(a)\\1', '', 'aa', true],
    ['(?<=a)b(?!c)', '', 'abd', true],
    ['a(?#comment)b', '', 'ab', true],
    ['\\h+\\S', '', '\t x', true],
    ['a/b', '', 'a/b', true],
    ['', '', 'anything', true],
    ['\\s', '', '\u00a0', false],
    ['\\w', '', 'ä', false],
    ['foo|bar', '', 'bar', true],
    ['a\\-b', '', 'a-b', true],
    ['\\@', '', '@', true],
    ['\\cA\\e\\a', '', '\u0001\u001b\u0007', true],
    ['\\101', '', 'A', true],
    ['[\\b]', '', '\b', true],
    ['[^\\S]', '', ' ', true],
    ['[\\D]', '', '5', false],
    ['[\\W_]', '', '_', true],
    ['[\\H\\V]', '', '\t', true],
    ['[a-\\d]', '', '-', true],
    ['[[:alpha:]-]', '', '-', true],
    ['[[:^word:][:^space:]]', '', ' ', true],
    ['\\N+', '', 'a\nb', true],
    ['a\\Rb', '', 'a\r\nb', true],
    ['\\bfoo\\b', '', 'a foo b', true],
    ['\\p{^Lu}', '', 'A', false],
    ['\\P{L&}', '', 'a', false],
    ["(?'n'a)\\k{n}", '', 'aa', true],
    ['(a)\\g1\\g{1}', '', 'aaa', true],
    ['(?-i)a', 'i', 'A', false],
    ['\\Q$\\E', '', '$', true],
    ['a{2}', '', 'aa', true],
    ['a{2,}?', '', 'aaa', true],
  ])('/%s/%s on %j: %j', (pattern, options, text, expected) => {
    expect(matches(pattern, options, text)).toBe(expected);
  });

  test.each([
    'a++',
    '(?>a)',
    '(?R)',
    '(?(1)a|b)',
    '(*FAIL)',
    'a(?i)b',
    '(',
    ')',
    '[a',
    '*a',
    'a**',
    'a{2,1}',
    '\\',
    '(?<n>a)(?<n>b)',
    '\\y',
    '[[.a.]]',
    '[[:foo:]]',
    '\\p{Foo}',
    '\\pl',
    '\\x{110000}',
    '(?#',
    'a{70000}',
    '^*',
    'a\\',
    '[\\',
    `${'('.repeat(300)}${')'.repeat(300)}`,
    'x'.repeat(40_000),
    'a\0',
  ])('/%s/ is refused', (pattern) => {
    expect(() => compileRegex(pattern, '')).toThrow(expect.objectContaining({ code: 51091 }));
  });

  test('an unknown option is refused', () => {
    expect(() => compileRegex('a', 'g')).toThrow(expect.objectContaining({ code: 51108 }));
  });

  test('what would backtrack for ages ends with an error', () => {
    const regex = compileRegex('^(a+)+$', '');
    expect(() => regex.test(`${'a'.repeat(60)}b`)).toThrow(expect.objectContaining({ code: 51156 }));
    expect(regex.test('a'.repeat(60))).toBe(true);
  });

  test('a slow but bounded pattern still answers', () => {
    expect(matches('a.*b', '', `${'x'.repeat(20_000)}a..b`)).toBe(true);
  });
});

describe('the literal prefix of a pattern', () => {
  test.each([
    ['^abc', '', 'abc', true],
    ['\\Aabc', '', 'abc', true],
    ['^abc.*', '', 'abc', false],
    ['^abc?', '', 'ab', false],
    ['^a\\.b', '', 'a.b', true],
    ['^a\\db', '', 'a', false],
    ['^ab{2}', '', 'a', false],
    ['^(abc)', '', undefined, undefined],
    ['abc', '', undefined, undefined],
    ['^abc|d', '', undefined, undefined],
    ['^abc', 'i', undefined, undefined],
    ['^abc', 'm', undefined, undefined],
    ['^abc', 's', 'abc', true],
  ])('/%s/%s: %j', (pattern, options, prefix, exact) => {
    const found = literalPrefix(pattern, options);
    expect(found?.prefix).toBe(prefix);
    expect(found?.exact).toBe(exact);
  });
});
