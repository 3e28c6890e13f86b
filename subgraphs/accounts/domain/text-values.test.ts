import { expect, test } from '@jest/globals';
import { languageTag, phoneNumber } from './text-values.ts';

test('phone numbers are stored in E.164', () => {
  expect(phoneNumber('+49 (30) 123-456.7')).toBe('+49301234567');
  for (const text of ['030 1234567', '+0301234567', '+49', '+49 30 abc', `+${'1'.repeat(16)}`]) {
    expect(phoneNumber(text)).toBeUndefined();
  }
});

test('languages are stored in their canonical form', () => {
  expect(languageTag('de-at')).toBe('de-AT');
  expect(languageTag(' EN ')).toBe('en');
  for (const text of ['', 'english please', 'x'.repeat(40), '12']) expect(languageTag(text)).toBeUndefined();
});
