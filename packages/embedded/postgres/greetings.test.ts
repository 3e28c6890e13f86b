import { expect, test } from '@jest/globals';
import { createGreetings } from './greetings.ts';

test('what the engine once told for a set of settings is told again, with each client’s own name', () => {
  const greetings = createGreetings([
    ['TimeZone', 'UTC'],
    ['application_name', ''],
  ]);
  expect(greetings.find([['application_name', 'Zürich']])).toEqual([
    ['TimeZone', 'UTC'],
    ['application_name', 'Z\\xc3\\xbcrich'],
  ]);
  expect(greetings.find([['TimeZone', 'Asia/Tokyo']])).toBeUndefined();
  greetings.keep(
    [
      ['TimeZone', 'Asia/Tokyo'],
      ['application_name', 'first'],
    ],
    [
      ['TimeZone', 'Asia/Tokyo'],
      ['application_name', 'first'],
    ],
  );
  expect(greetings.find([['TimeZone', 'Asia/Tokyo']])?.[0]).toEqual(['TimeZone', 'Asia/Tokyo']);
});

test('no more than a hundred sets are kept', () => {
  const greetings = createGreetings([]);
  for (let i = 0; i < 200; i++) greetings.keep([['app.x', `${i}`]], [['app.x', `${i}`]]);
  expect(greetings.find([['app.x', '5']])).toBeDefined();
  expect(greetings.find([['app.x', '150']])).toBeUndefined();
});
