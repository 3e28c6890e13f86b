import { expect, test } from '@jest/globals';
import { CODE_OF_USER, describeWait, PASSWORD_OF_ACCOUNT, REQUESTS_OF_PLACE } from './back-off.ts';

test('waits grow, and never beyond a quarter of an hour: nobody is locked out by a stranger for long', () => {
  for (const { waits } of [PASSWORD_OF_ACCOUNT, REQUESTS_OF_PLACE, CODE_OF_USER]) {
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
    expect(waits.at(-1)).toBe(900);
  }
  expect(PASSWORD_OF_ACCOUNT.waits.filter((wait) => wait === 0)).toHaveLength(5);
});

test('waits are told in the words of people, never as none', () => {
  expect(describeWait(-5)).toBe('1 second');
  expect(describeWait(999)).toBe('1 second');
  expect(describeWait(1_001)).toBe('2 seconds');
  expect(describeWait(90_000)).toBe('2 minutes');
  expect(describeWait(900_000)).toBe('15 minutes');
});
