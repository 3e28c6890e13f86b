import { describe, expect, test } from '@jest/globals';
import { buildSchema, print } from 'graphql';
import type { Rules } from '../policy/rules.ts';
import { createDocuments } from './documents.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const schema = buildSchema('type Query { a: Int b: Int c: Int }');
const rules: Rules = {
  ofType: new Map(),
  ofField: new Map([
    ['Query.a', { coordinate: 'Query.a' }],
    ['Query.b', { coordinate: 'Query.b', scopes: [['b']] }],
  ]),
};
const limits = { ...DEFAULT_LIMITS, maxTokens: 100, maxDepth: 5, maxHeight: 50 };

function operationOf(documents: ReturnType<typeof createDocuments>, source: string, name?: string) {
  const found = documents.operation(source, name);
  if (!found.ok) throw new Error(found.errors[0]!.message);
  return found.operation;
}

describe('a document that comes by again', () => {
  test('is the same, as long as there is room', () => {
    const documents = createDocuments({ schema, rules, limits, introspection: true, capacity: 2 });
    const first = operationOf(documents, '{ a }');
    expect(operationOf(documents, '{ a }')).toBe(first);
    operationOf(documents, '{ b }');
    operationOf(documents, '{ c }');
    expect(operationOf(documents, '{ a }')).not.toBe(first);
  });

  test('is another operation under another name', () => {
    const documents = createDocuments({ schema, rules, limits, introspection: true, capacity: 2 });
    const source = 'query A { a } query B { b }';
    expect(operationOf(documents, source, 'A').definition.name!.value).toBe('A');
    expect(operationOf(documents, source, 'B').definition.name!.value).toBe('B');
  });

  test('is not kept when it is faulty', () => {
    const documents = createDocuments({ schema, rules, limits, introspection: true, capacity: 2 });
    const first = documents.operation('{ z }', undefined);
    expect(documents.operation('{ z }', undefined)).not.toBe(first);
  });
});

describe('what viewers get of it', () => {
  const operation = operationOf(
    createDocuments({ schema, rules, limits, introspection: true, capacity: 2 }),
    '{ a b c }',
  );

  test('is the document itself when nothing is withheld', () => {
    const whole = operation.forViewer({ authenticated: true, scopes: ['b'], policies: [] });
    expect(whole.document).toBe(operation.document);
    expect(whole.shape).toBeUndefined();
  });

  test('is one variant for all who lack the same', () => {
    const first = operation.forViewer({ authenticated: true, scopes: [], policies: [] });
    expect(operation.forViewer({ authenticated: true, scopes: ['other'], policies: [] })).toBe(first);
    expect(print(first.document)).toContain('withheld_0: __typename');
    expect(first.withheld.size).toBe(1);
    expect(operation.forViewer({ authenticated: false, scopes: [], policies: [] }).withheld.size).toBe(2);
  });
});
