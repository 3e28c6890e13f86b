import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GRAPHQL_RESPONSE, HTML, isJsonContent, JSON_TYPE, negotiate } from './media-types.ts';

const OFFERS = [JSON_TYPE, GRAPHQL_RESPONSE, HTML] as const;
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('accept', () => {
  test.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [JSON_TYPE, JSON_TYPE],
    [GRAPHQL_RESPONSE, GRAPHQL_RESPONSE],
    ['APPLICATION/GraphQL-Response+JSON', GRAPHQL_RESPONSE],
    [`${GRAPHQL_RESPONSE}, ${JSON_TYPE};q=0.9`, GRAPHQL_RESPONSE],
    [`${JSON_TYPE};q=0.9, ${GRAPHQL_RESPONSE}`, GRAPHQL_RESPONSE],
    [`${GRAPHQL_RESPONSE}, ${JSON_TYPE}`, GRAPHQL_RESPONSE],
    [`${JSON_TYPE}, ${GRAPHQL_RESPONSE}`, JSON_TYPE],
    [`${GRAPHQL_RESPONSE}; charset=utf-8, ${JSON_TYPE}; charset=utf-8`, GRAPHQL_RESPONSE],
    [`${GRAPHQL_RESPONSE};charset="UTF-8"`, GRAPHQL_RESPONSE],
    [`${GRAPHQL_RESPONSE};charset=latin1, ${JSON_TYPE};q=0.1`, JSON_TYPE],
    [`${GRAPHQL_RESPONSE};q=0, */*;q=0.1`, JSON_TYPE],
    [`${JSON_TYPE};q=0, */*`, GRAPHQL_RESPONSE],
    [`*/*, ${GRAPHQL_RESPONSE}`, GRAPHQL_RESPONSE],
    [BROWSER, HTML],
    [`text/*`, HTML],
    [`${HTML};q=0.2, ${JSON_TYPE};q=0.3`, JSON_TYPE],
  ])('%s is answered with %s', (accept, expected) => {
    expect(negotiate(accept, OFFERS)).toBe(expected);
  });

  test.each([
    'image/png',
    'application/xml',
    `${JSON_TYPE};q=0`,
    '*/*;q=0',
    `${JSON_TYPE};q=2`,
    'json',
    '*/json',
    ',',
  ])('%s is acceptable by nothing there is', (accept) => {
    expect(negotiate(accept, [JSON_TYPE, GRAPHQL_RESPONSE])).toBeUndefined();
  });

  test('of any kind has an answer or none, and never a fault', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'*/;=,.+qjson 01ht'.split('')), maxLength: 60 }),
        (accept) => {
          const chosen = negotiate(accept, OFFERS);
          expect(chosen === undefined || OFFERS.includes(chosen)).toBe(true);
        },
      ),
    );
  });
});

test.each([
  ['application/json', true],
  ['Application/JSON; charset=UTF-8', true],
  ['application/json;charset="utf-8"', true],
  ['application/json; charset=utf-16', false],
  ['application/json; profile=x', true],
  ['application/graphql', false],
  ['text/plain', false],
  ['application/json-patch+json', false],
  [undefined, false],
])('content of type %s is read: %s', (contentType, expected) => {
  expect(isJsonContent(contentType)).toBe(expected);
});
