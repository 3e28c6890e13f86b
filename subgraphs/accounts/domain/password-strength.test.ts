import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { passwordFault } from './password-strength.ts';

const person = ['grace.hopper@example.com', 'Grace Hopper'];

test.each([
  'nine purple teapots whistle',
  'Tr0ub4dor&3-battery',
  'zwölf Boxkämpfer jagen',
  'x7#Kq9!vLm2@',
  'the password is a teapot in july',
])('%s will do', (password) => {
  expect(passwordFault(password, person)).toBeUndefined();
});

test.each([
  ['short', 'TOO_SHORT'],
  ['elevenchars', 'TOO_SHORT'],
  ['x'.repeat(257), 'TOO_LONG'],
  ['aaaaaaaaaaaaaaaa', 'TOO_COMMON'],
  ['abababababab', 'TOO_COMMON'],
  ['password1234', 'TOO_COMMON'],
  ['P@ssw0rd!2024', 'TOO_COMMON'],
  ['passwordpassword', 'TOO_COMMON'],
  ['123456789012', 'TOO_COMMON'],
  ['qwertyuiop123', 'TOO_COMMON'],
  ['abcdefghijkl', 'TOO_COMMON'],
  ['poiuytrewq!!', 'TOO_COMMON'],
  ['Summer2025!!', 'TOO_COMMON'],
  ['iloveyou iloveyou', 'TOO_COMMON'],
  ['Welcome12345', 'TOO_COMMON'],
  ['gracehopper1906', 'TOO_COMMON'],
  ['Hopper.Grace.1', 'TOO_COMMON'],
])('%s is refused: %s', (password, fault) => {
  expect(passwordFault(password, person)).toBe(fault);
});

test('length counts letters as people do', () => {
  expect(passwordFault('🫖🎩🦔🌂🍋🚲🎻🪁🧭🍄🐙🪵', [])).toBeUndefined();
  expect(passwordFault('🫖🎩🦔🌂🍋🚲', [])).toBe('TOO_SHORT');
});

test('random passwords pass, and no text takes long or fails', () => {
  const random = fc.string({
    minLength: 20,
    maxLength: 40,
    unit: fc.constantFrom(...'bcdfghjkmnpqrtvwxz2679#%&'),
  });
  fc.assert(
    fc.property(
      random,
      (password) => new Set(password).size < 12 || passwordFault(password, []) === undefined,
    ),
  );
  // Of any code points; fast-check's own of that kind takes seconds to be made.
  const unit = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point));
  fc.assert(fc.property(fc.string({ unit, maxLength: 300 }), (text) => void passwordFault(text, [text])));
});
