import { expect, test } from '@jest/globals';
import { hasControlCharacter } from './control-characters.ts';

test('every byte is told from a control character, wherever it lies in memory', () => {
  const room = Buffer.alloc(32);
  const mistaken: { start: number; length: number; at: number; byte: number }[] = [];
  for (let start = 0; start < 4; start++) {
    for (let length = 0; length < 12; length++) {
      const bytes = room.subarray(start, start + length);
      for (let at = 0; at < length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          bytes.fill(' é\u{10ffff}~');
          bytes[at] = byte;
          if (hasControlCharacter(bytes) !== byte < 32) mistaken.push({ start, length, at, byte });
        }
      }
    }
  }
  // Told once: to expect each of them by itself would take seconds.
  expect(mistaken).toEqual([]);
});
