import { describe, expect, test } from '@jest/globals';
import { newId } from '../values/ids.ts';
import { requireIdOf, requireScopeOf, requireUser } from './authorise.ts';

const guest = { scopes: [] };
const person = { userId: 'usr_1', scopes: ['books:read'] };
const machine = { apiKeyId: 'key_1', scopes: ['books:read'] };

const codeOf = (attempt: () => unknown) => {
  try {
    attempt();
    return 'passed';
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
};

describe('a door', () => {
  test('for people lets in no guest and no machine', () => {
    expect(requireUser(person)).toBe('usr_1');
    expect(codeOf(() => requireUser(guest))).toBe('UNAUTHENTICATED');
    expect(codeOf(() => requireUser(machine))).toBe('FORBIDDEN');
  });

  test('for a scope lets in who has it, and sends guests to sign in', () => {
    const requireScope = requireScopeOf<'books:read' | 'books:write'>();
    expect([person, machine].map((viewer) => codeOf(() => requireScope(viewer, 'books:read')))).toEqual([
      'passed',
      'passed',
    ]);
    expect(
      [guest, person, machine].map((viewer) => codeOf(() => requireScope(viewer, 'books:write'))),
    ).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN']);
  });

  test('for an id says which one it wants', () => {
    const requireId = requireIdOf({ prd: 'a product', cat: 'a category' });
    const id = newId('prd');
    expect(requireId('prd', id, 'input.productId')).toBe(id);
    expect(() => requireId('cat', id, 'input.categoryId')).toThrow(
      '`input.categoryId` must be the id of a category, which begins with cat_',
    );
  });
});
