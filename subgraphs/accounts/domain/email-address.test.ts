import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseEmail } from './email-address.ts';

test('addresses are taken as people write them, and are the same whatever their case', () => {
  expect(parseEmail('  Ada.Lovelace+shop@Example.COM ')).toEqual({
    text: 'Ada.Lovelace+shop@Example.COM',
    key: 'ada.lovelace+shop@example.com',
  });
  expect(parseEmail("o'hara@mail.example.co.uk")?.key).toBe("o'hara@mail.example.co.uk");
  expect(parseEmail('jörg@müller.de')?.key).toBe('jörg@müller.de');
  // Composed and decomposed letters look the same.
  expect(parseEmail('jo\u0308rg@example.de')?.key).toBe(parseEmail('j\u00f6rg@example.de')?.key);
});

test.each([
  '',
  'ada',
  '@example.com',
  'ada@',
  'ada@localhost',
  'ada@example',
  'ada@@example.com',
  'a da@example.com',
  'ada@exa mple.com',
  'ada\ud800@example.com',
  'ada@-example.com',
  'ada@example-.com',
  'ada@example..com',
  '.ada@example.com',
  'ada.@example.com',
  'a..da@example.com',
  'ada@example.c',
  'ada\0@example.com',
  'ada\u202e@example.com',
  'Ada <ada@example.com>',
  'ada@example.com, bob@example.com',
  `${'a'.repeat(65)}@example.com`,
  `ada@${'a.'.repeat(130)}com`,
])('%j is no address', (text) => {
  expect(parseEmail(text)).toBeUndefined();
});

test('a key is an address too, and its own key', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (address) => {
      const parsed = parseEmail(address);
      if (parsed) expect(parseEmail(parsed.key)?.key).toBe(parsed.key);
    }),
  );
});
