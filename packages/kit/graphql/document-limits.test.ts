import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { depthLimit } from './document-limits.ts';

const schema = buildSchema('type Query { me: Person } type Person { name: String friend: Person }');
const faultsOf = (document: string) => validate(schema, parse(document), [depthLimit(4)]);

describe('depth', () => {
  test.each([
    ['four levels', '{ me { friend { friend { name } } } }'],
    [
      'through fragments',
      '{ me { ...F } } fragment F on Person { friend { ... on Person { friend { name } } } }',
    ],
    ['a fragment that is missing', '{ me { ...Nowhere } }'],
    [
      'fragments that spread one another',
      '{ me { ...A } } fragment A on Person { ...B } fragment B on Person { ...A }',
    ],
  ])('%s pass', (_, document) => {
    expect(faultsOf(document)).toEqual([]);
  });

  test.each([
    ['plain', 'query Deep { me { friend { friend { friend { name } } } } }'],
    [
      'fragments',
      'query Deep { me { ...F } } fragment F on Person { friend { ...G } } fragment G on Person { friend { friend { name } } }',
    ],
  ])('five levels are refused: %s', (_, document) => {
    const [fault] = faultsOf(document);
    expect(fault?.message).toBe('The operation Deep has 5 levels; at most 4 are allowed');
    expect(fault?.extensions.code).toBe('OPERATION_TOO_LARGE');
  });

  test('a bomb of fragments is measured in no time', () => {
    const levels = Array.from(
      { length: 25 },
      (_, level) => `fragment F${level} on Person { ${`...F${level + 1} `.repeat(10)} }`,
    );
    const started = performance.now();
    expect(faultsOf(`{ me { ...F0 } } ${levels.join(' ')} fragment F25 on Person { name }`)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
