import { expect, test } from '@jest/globals';
import { foldedText, longText, singleLine } from './text-values.ts';

test('a line is trimmed, composed and counted in letters', () => {
  expect(singleLine('  Zoe\u0308  ', 3)).toBe('Zo\u00eb');
  expect(singleLine('👩‍🔬🧪', 4)).toBe('👩‍🔬🧪');
  expect(singleLine('abcd', 3)).toBeUndefined();
});

test.each(['', '   ', 'two\nlines', 'a\0b', 'a\u2028b', 'abc\u202egpj.exe', '\u2066x', 'a\ud800', '\udc00b'])(
  '%j is no line',
  (text) => {
    expect(singleLine(text, 50)).toBeUndefined();
  },
);

test('a long text may be empty and have lines, which end the same everywhere', () => {
  expect(longText('  ', 5)).toBe('');
  expect(longText('a\r\nb\rc\td\n', 7)).toBe('a\nb\nc\td');
  expect(longText('🧪'.repeat(5), 5)).toBe('🧪'.repeat(5));
  expect(longText('abcdef', 5)).toBeUndefined();
});

test.each(['a\0b', 'a\u202eb', 'a\u2066b', 'a\u0007b', 'a\ud800b'])('%j is no text', (text) => {
  expect(longText(text, 50)).toBeUndefined();
});

test('folded, texts compare without accents and capitals', () => {
  expect(foldedText('Crème BRÛLÉE ﬁn')).toBe('creme brulee fin');
});
