/** What the planner is not shown, and which supergraphs are not served. */
import { describe, expect, test } from '@jest/globals';
import { parse, print } from 'graphql';
import { composeLibrary } from '../tests/toy/library.ts';
import { featuresOf } from './features.ts';
import { loadSupergraph, SupergraphError } from './load.ts';
import { unenforcedSecurity, withoutEnforcedSecurity } from './security.ts';

const library = composeLibrary();

describe('the copy for the planner', () => {
  test('has neither the directives nor their definitions nor their links', () => {
    const stripped = print(withoutEnforcedSecurity(parse(library)));
    expect(library).toMatch(/@authenticated|requiresScopes/);
    expect(stripped).not.toMatch(/authenticated|requiresScopes/i);
    expect(stripped).toContain('@inaccessible');
  });

  test('loses nothing but them under other names', () => {
    const sdl = `
      schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "in", for: SECURITY)
        @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY, import: ["@requiresScopes", { name: "Scope", as: "Permit" }])
        @link(url: "https://example.org/other/v1.0", import: ["@authenticated"]) { query: Query }
      directive @in on FIELD_DEFINITION
      directive @requiresScopes(scopes: [[Permit!]!]!) on FIELD_DEFINITION
      directive @authenticated on FIELD_DEFINITION
      scalar Permit
      type Query { a: Int @in b: Int @requiresScopes(scopes: [["x"]]) @authenticated }`;
    expect(print(withoutEnforcedSecurity(parse(sdl)))).toBe(
      print(
        parse(`
      schema @link(url: "https://example.org/other/v1.0", import: ["@authenticated"]) { query: Query }
      directive @authenticated on FIELD_DEFINITION
      type Query { a: Int b: Int @authenticated }`),
      ),
    );
  });
});

describe('a supergraph is refused, by name,', () => {
  const withLink = (link: string) => library.replace('schema\n', `schema\n  ${link}\n`);

  test.each([
    ['a later @policy', '@link(url: "https://specs.apollo.dev/policy/v0.2", for: SECURITY)', '"policy"'],
    ['one without its purpose', '@link(url: "https://specs.apollo.dev/policy/v0.2")', '"policy"'],
    ['a feature of somebody else', '@link(url: "https://example.org/vpn/v1.0", for: SECURITY)', '"vpn"'],
    [
      'a later version',
      '@link(url: "https://specs.apollo.dev/authenticated/v0.2", for: SECURITY)',
      'authenticated/v0.2',
    ],
    ['@context', '@link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY)', '"context"'],
  ])('for %s', (_, link, named) => {
    expect(() => loadSupergraph(withLink(link))).toThrow(SupergraphError);
    expect(() => loadSupergraph(withLink(link))).toThrow(named);
  });

  test('for a feature of execution that the planner does not know', () => {
    const sdl = withLink('@link(url: "https://specs.apollo.dev/connect/v0.1", for: EXECUTION)');
    expect(() => loadSupergraph(sdl)).toThrow(/connect\/v0.1/);
  });

  test('but not for what needs no enforcing', () => {
    expect(unenforcedSecurity(parse(withLink('@link(url: "https://specs.apollo.dev/cost/v0.1")')))).toEqual(
      [],
    );
    expect(unenforcedSecurity(parse(library))).toEqual([]);
  });
});

describe('what is no supergraph', () => {
  test.each([
    ['empty', '', 'not valid SDL'],
    ['cut off', library.slice(0, library.length / 2), 'not valid SDL'],
    ['a schema that was never composed', 'type Query { a: Int }', 'not valid'],
    [
      'a subgraph',
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9") type Query { a: Int }',
      'not valid',
    ],
    ['one with a type missing', library.replace(/type Note\b[^}]*}/, ''), 'not valid'],
  ])('such as one that is %s, is refused', (_, sdl, message) => {
    expect(() => loadSupergraph(sdl)).toThrow(message);
  });
});

test('features are read from @core as from @link', () => {
  const sdl =
    'schema @core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION, as: "j") { query: Query }';
  expect(featuresOf(parse(sdl))).toEqual([
    {
      url: 'https://specs.apollo.dev/join/v0.1',
      identity: 'https://specs.apollo.dev/join',
      name: 'join',
      version: 'v0.1',
      namespace: 'j',
      purpose: 'EXECUTION',
      imports: new Map(),
    },
  ]);
});

test('the schema that clients see has nothing of federation in it, and no rule', () => {
  const { apiSchema, subgraphs, rules } = loadSupergraph(library);
  expect(
    Object.keys(apiSchema.getTypeMap()).filter(
      (name) => /^(join|link|_)/.test(name) && !name.startsWith('__'),
    ),
  ).toEqual([]);
  expect(subgraphs.map(({ name }) => name).sort()).toEqual(['books', 'people', 'ratings', 'vault']);
  expect([...rules.ofField.keys()]).toEqual(
    expect.arrayContaining(['Person.email', 'Person.savings', 'Thing.title']),
  );
});
