/** Nothing that a subgraph sends is taken for granted, and nothing internal gets past. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ReadContext, readAnswer } from './read-answer.ts';

const context: ReadContext = {
  subgraph: 'people',
  entities: undefined,
  maskErrors: true,
  requestId: 'id-12345',
};
const read = (body: unknown, changes: Partial<ReadContext> = {}) =>
  readAnswer(JSON.stringify(body), 200, { ...context, ...changes });

const asked = (count: number) => new Map([['_entities', count]]);

describe('an answer is no GraphQL', () => {
  test.each([
    ['when it is a page of a proxy', '<html>502 Bad Gateway</html>'],
    ['when it is cut off', '{"data":{"a":1'],
    ['when it is empty', ''],
    ['when it is a list', '[]'],
    ['when it is null', 'null'],
    ['when it has neither data nor errors', '{"message":"not found"}'],
    ['when its data is a text', '{"data":"a"}'],
    ['when its data is a list', '{"data":[]}'],
    ['when its errors are no list', '{"data":{},"errors":{}}'],
    ['when data is null and nobody says why', '{"data":null}'],
  ])('%s', (_, body) => {
    const { answer, outcome, hidden } = readAnswer(body, 502, context);
    expect(outcome).toBe('invalid');
    expect(answer).toEqual({
      errors: [
        {
          message: 'The subgraph "people" gave an answer that is not GraphQL; try again later',
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'people' },
        },
      ],
    });
    expect(hidden).toHaveLength(1);
  });

  test.each([
    ['too few entities', { _entities: [{ id: 1 }] }],
    ['too many', { _entities: [1, 2, 3] }],
    ['no list of them', { _entities: {} }],
    ['none', {}],
  ])('when it has %s', (_, data) => {
    expect(read({ data }, { entities: asked(2) }).outcome).toBe('invalid');
  });
});

describe('an error of a subgraph', () => {
  const errorOf = (error: unknown, changes: Partial<ReadContext> = {}) =>
    read({ errors: [error] }, changes).answer.errors![0]!;

  test('that was made for clients comes through, with its service', () => {
    const error = {
      message: 'No such person',
      path: ['me', 0],
      extensions: { code: 'NOT_FOUND', hint: 'p1', stacktrace: ['at x'] },
    };
    expect(errorOf(error)).toEqual({
      message: 'No such person',
      path: ['me', 0],
      extensions: { code: 'NOT_FOUND', hint: 'p1', service: 'people' },
    });
  });

  test.each([
    [
      'says so',
      { message: 'connect 10.0.0.1', extensions: { code: 'INTERNAL_SERVER_ERROR', query: 'SELECT' } },
    ],
    ['has no code', { message: 'connect 10.0.0.1', extensions: { query: 'SELECT' } }],
    ['has a code that is no text', { message: 'connect 10.0.0.1', extensions: { code: 7, query: 'SELECT' } }],
    ['has no extensions', { message: 'connect 10.0.0.1' }],
  ])('that is internal, for it %s, is masked and logged', (_, error) => {
    const { answer, hidden } = read({ data: { a: null }, errors: [error] });
    expect(JSON.stringify(answer)).not.toMatch(/10\.0\.0\.1|SELECT/);
    expect(answer.errors![0]).toMatchObject({
      message: expect.stringContaining('id-12345'),
      extensions: { code: 'INTERNAL_SERVER_ERROR', service: 'people' },
    });
    expect(hidden[0]!.message).toBe('connect 10.0.0.1');
  });

  test('is shown as it is where that is wanted', () => {
    expect(errorOf({ message: 'connect 10.0.0.1' }, { maskErrors: false }).message).toBe('connect 10.0.0.1');
  });

  test.each([null, 7, 'text', [], {}, { message: 7, path: 'a' }, { path: [{}] }])(
    'of any shape is told as one: %j',
    (error) => {
      expect(errorOf(error)).toMatchObject({
        extensions: { code: 'INTERNAL_SERVER_ERROR', service: 'people' },
      });
      expect(errorOf(error).path).toBeUndefined();
    },
  );

  test('cannot name another service', () => {
    const error = { message: 'x', extensions: { code: 'C', service: 'books', serviceName: 'books' } };
    expect(errorOf(error).extensions).toEqual({ code: 'C', service: 'people' });
  });
});

test('failed entities as a whole are no data', () => {
  const { answer } = read({ data: { _entities: null }, errors: [{ message: 'x' }] }, { entities: asked(2) });
  expect(answer.data).toBeNull();
});

test('any JSON at all is read without a fault', () => {
  fc.assert(
    fc.property(fc.json(), fc.option(fc.nat(3), { nil: undefined }), (body, entities) => {
      const { answer, outcome } = readAnswer(body, 200, {
        ...context,
        entities: entities === undefined ? undefined : asked(entities),
      });
      if (outcome === 'ok') expect(typeof answer.data).toBe('object');
      else expect(answer.errors!.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});
