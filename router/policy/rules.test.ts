import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { permits, readRules, refusalOf } from './rules.ts';

const GUEST = { authenticated: false, scopes: [], policies: [] };
const somebody = (...scopes: string[]) => ({ authenticated: true, scopes, policies: [] });
const granted = (...policies: string[]) => ({ ...somebody('a'), policies });

function rulesOf(links: string, types: string) {
  return readRules(parse(`schema ${links} { query: Query } ${types}`));
}

describe('rules are found', () => {
  test('under the names that the supergraph gives the directives', () => {
    const { ofType, ofField } = rulesOf(
      `@link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "signedIn", for: SECURITY)
       @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", import: [{ name: "@requiresScopes", as: "@may" }])`,
      `type Query @signedIn { a: Int @may(scopes: [["x", "y"], ["z"]]) b: Int @authenticated c(d: Int): Int }
       interface I { e: Int @signedIn } enum E @signedIn { F } scalar S @may(scopes: "w") union U = Query`,
    );
    const policies = rulesOf(
      '@link(url: "https://specs.apollo.dev/policy/v0.1") @link(url: "https://specs.apollo.dev/requiresScopes/v0.1")',
      'type Query { a: Int @policy(policies: [["p", "q"], ["r"]]) @requiresScopes(scopes: [["x"]]) }',
    );
    expect(policies.ofField.get('Query.a')).toMatchObject({ policies: [['p', 'q'], ['r']], scopes: [['x']] });
    expect([...ofType.keys()]).toEqual(['Query', 'E', 'S']);
    expect([...ofField.keys()]).toEqual(['Query.a', 'I.e']);
    expect(ofField.get('Query.a')?.scopes).toEqual([['x', 'y'], ['z']]);
    expect(ofType.get('S')?.scopes).toEqual([['w']]);
  });

  test('nowhere without a link to their specification', () => {
    const { ofType, ofField } = rulesOf(
      '',
      'type Query @authenticated { a: Int @requiresScopes(scopes: [["x"]]) }',
    );
    expect(ofType.size + ofField.size).toBe(0);
  });

  test('or the supergraph is not read at all', () => {
    const link = '@link(url: "https://specs.apollo.dev/requiresScopes/v0.1")';
    expect(() => rulesOf(link, 'type Query { a: Int @requiresScopes(scopes: [[1]]) }')).toThrow(
      '@requiresScopes takes a list of lists of strings',
    );
  });
});

describe('a rule permits', () => {
  const rule = (scopes?: string[][], policies?: string[][]) => ({
    coordinate: 'T.f',
    ...(scopes ? { scopes } : {}),
    ...(policies ? { policies } : {}),
  });

  test.each([
    ['whoever is signed in', rule(), somebody(), true],
    ['no guest', rule(), GUEST, false],
    ['one whole set of scopes', rule([['a', 'b'], ['c']]), somebody('b', 'a'), true],
    ['the other set', rule([['a', 'b'], ['c']]), somebody('c'), true],
    ['no half of a set', rule([['a', 'b'], ['c']]), somebody('a'), false],
    ['nobody when there is no set', rule([]), somebody('a'), false],
    ['no guest by an empty set', rule([[]]), GUEST, false],
    ['one whole set of policies', rule(undefined, [['p', 'q'], ['r']]), granted('q', 'p'), true],
    ['no half of a set of policies', rule(undefined, [['p', 'q']]), granted('p'), false],
    ['no scope in place of a policy', rule(undefined, [['a']]), granted(), false],
    ['scopes and policies together', rule([['a']], [['p']]), granted('p'), true],
    ['no policy without its scope', rule([['b']], [['p']]), granted('p'), false],
  ])('%s', (_, given, viewer, expected) => {
    expect(permits(given, viewer)).toBe(expected);
  });

  test('and says what is missing when it does not', () => {
    expect(refusalOf(rule([['a', 'b'], ['c']]), somebody())).toBe(
      'Reading T.f needs the scope a and b, or c',
    );
    expect(refusalOf(rule([]), somebody())).toBe('Nobody may read T.f');
    expect(refusalOf(rule([['a']], [['p', 'q']]), somebody())).toBe(
      'Reading T.f needs the scope a; and the policy p and q',
    );
    expect(refusalOf(rule([['a']]), GUEST)).toBe('Sign in to read T.f');
  });
});
