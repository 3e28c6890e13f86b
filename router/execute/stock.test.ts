/** What comes back of answers that break their schema, and of errors that subgraphs tell. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { jsonResponse } from '@souk/kit/http/handler';
import { codesOf, post } from '../tests/toy/ask.ts';
import { startToyRouter } from '../tests/toy/router.ts';

let ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(ends.map((end) => end()));
  ends = [];
});

describe('what a subgraph answers against its own schema', () => {
  test.each([
    ['null where null must not be', { me: { name: null } }, { me: null }],
    ['a field that is missing', { me: {} }, { me: null }],
    ['a text where an object belongs', { me: 'Ada' }, undefined],
  ])('such as %s, is told as an error', async (_, data, expected) => {
    const toy = await startToyRouter();
    ends.push(() => toy.router.stop());
    toy.library.people.respond = () => jsonResponse(200, { data });
    const told = await post(toy.handler, '{ me { name } }');
    expect(told.data).toEqual(expected);
    expect(told.errors.length).toBeGreaterThan(0);
    expect(told.text).not.toContain('Invalid non-object');
  });
});

test('a fault in a resolver is masked; one that was made for clients comes through, where it happened', async () => {
  const toy = await startToyRouter();
  ends.push(() => toy.router.stop());
  const told = await post(
    toy.handler,
    '{ me { name broken } person(id: "teapot") { name } book(id: "b1") { author { broken } } }',
  );
  expect(told.text).not.toContain('10.1.2.3');
  expect(told.data).toEqual({ me: null, person: null, book: { author: null } });
  expect(codesOf(told).sort()).toEqual([
    'INTERNAL_SERVER_ERROR book author broken',
    'INTERNAL_SERVER_ERROR me broken',
    'NOT_FOUND person',
  ]);
  expect(told.errors.find(({ extensions }) => extensions.code === 'NOT_FOUND')).toEqual({
    message: 'No such person',
    path: ['person'],
    extensions: { code: 'NOT_FOUND', hint: 'p1', service: 'people' },
  });
});
