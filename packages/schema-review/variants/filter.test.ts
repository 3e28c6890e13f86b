import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildASTSchema, parse, printSchema, validateSchema } from 'graphql';
import { readSupergraph } from '../supergraph.ts';
import { filterByTags } from './filter.ts';
import { tagsIn } from './tags.ts';

interface Tags {
  include?: string[];
  exclude?: string[];
  hideUnreachable?: boolean;
}

function filter(sdl: string, { include = [], exclude = [], hideUnreachable = true }: Tags) {
  const tagged = parse(sdl, { noLocation: true });
  const api = parse(sdl.replace(/@tag\(name: "\w+"\)/g, ''), { noLocation: true });
  const { tagsOf } = tagsIn(readSupergraph(tagged));
  return filterByTags(api, tagsOf, { include, exclude, hideUnreachable, clients: [] });
}

function shown(sdl: string, tags: Tags): string {
  const { document, faults } = filter(sdl, tags);
  expect(faults).toEqual([]);
  const schema = buildASTSchema(document);
  expect(validateSchema(schema)).toEqual([]);
  return printSchema(schema).replace(/\s+/g, ' ');
}

const faultsOf = (sdl: string, tags: Tags) => filter(sdl, tags).faults.map(({ coordinate }) => coordinate);

describe('excluding a tag', () => {
  test('takes away types, fields, arguments, input fields and enum values that have it', () => {
    const sdl = `
      type Query { a(x: In, y: Int @tag(name: "internal")): E b: Int @tag(name: "internal") c: Int @tag(name: "other") }
      input In { d: Int e: Int @tag(name: "internal") }
      enum E { F G @tag(name: "internal") }
      scalar Gone @tag(name: "internal")`;
    expect(shown(sdl, { exclude: ['internal'], hideUnreachable: false })).toBe(
      'type Query { a(x: In): E c: Int } input In { d: Int } enum E { F }',
    );
  });

  test('takes away a type with nothing left, members and interfaces that are hidden, and what nothing leads to', () => {
    const sdl = `
      type Query { u: U t: T @tag(name: "internal") }
      type T { a: Only } type Only { b: Int }
      interface I @tag(name: "internal") { c: Int }
      type M implements I { c: Int } type N @tag(name: "internal") { d: Int } union U = M | N
      type Emptied { e: Int @tag(name: "internal") }`;
    expect(shown(sdl, { exclude: ['internal'] })).toBe('type Query { u: U } type M { c: Int } union U = M');
  });
});

describe('including a tag', () => {
  const sdl = `
    type Query { a: T @tag(name: "public") b: Int }
    type T @tag(name: "public") { c: E d: U @tag(name: "internal") }
    enum E { F } union U = T`;

  test('shows fields that have it, themselves or by their type, and what those need', () => {
    expect(shown(sdl, { include: ['public'], exclude: ['internal'] })).toBe(
      'type Query { a: T } type T { c: E } enum E { F }',
    );
  });

  test('a union that lacks it is hidden, and who shows it anyway is at fault', () => {
    expect(faultsOf(sdl, { include: ['public'] })).toEqual(['T.d']);
  });
});

describe('a variant is at fault where what it shows needs what it hides', () => {
  test.each([
    ['a type', 'type Query { a: T } type T @tag(name: "x") { b: Int }', 'Query.a'],
    [
      'a type of an argument',
      'type Query { a(b: In): Int } input In @tag(name: "x") { c: Int }',
      'Query.a(b:)',
    ],
    ['a required argument', 'type Query { a(b: Int! @tag(name: "x")): Int }', 'Query.a(b:)'],
    [
      'a required input field',
      'type Query { a(b: In): Int } input In { c: Int! @tag(name: "x") d: Int }',
      'In.c',
    ],
    ['a default', 'type Query { a(b: [E!] = [F]): Int } enum E { F @tag(name: "x") G }', 'Query.a(b:)'],
    ['all members', 'type Query { a: U } type T @tag(name: "x") { b: Int } union U = T', 'U'],
    [
      'what an interface promises',
      'type Query { a: I } interface I { b: Int c: Int } type T implements I { b: Int c: Int @tag(name: "x") }',
      'T.c',
    ],
    ['all of Query', 'type Query { a: Int @tag(name: "x") } type Mutation { b: Int }', 'Query'],
  ])('%s', (_, sdl, coordinate) => {
    expect(faultsOf(sdl, { exclude: ['x'] })).toEqual([coordinate]);
  });

  test('an optional one, or one with a default, may go', () => {
    const sdl = 'type Query { a(b: Int! = 1 @tag(name: "x"), c: Int @tag(name: "x")): Int }';
    expect(shown(sdl, { exclude: ['x'] })).toBe('type Query { a: Int }');
  });
});

test('without a fault, whatever is tagged, what is left is a valid schema', () => {
  const tag = fc.constantFrom('', '@tag(name: "x")', '@tag(name: "y")');
  const places = fc.array(tag, { minLength: 14, maxLength: 14 });
  const tags = fc.constantFrom<Tags>(
    { exclude: ['x'] },
    { include: ['y'] },
    { include: ['y'], exclude: ['x'] },
  );
  let valid = 0;
  fc.assert(
    fc.property(places, tags, fc.boolean(), (t, wanted, hideUnreachable) => {
      const sdl = `
        type Query ${t[0]} { a(b: In ${t[1]}): T ${t[2]} c: U ${t[3]} d: I ${t[4]} e: Int ${t[13]} }
        interface I ${t[5]} { f: E ${t[6]} }
        type T implements I ${t[7]} { f: E ${t[8]} g: Int }
        type V ${t[9]} { h: [T!] }
        union U ${t[10]} = T | V
        input In ${t[11]} { i: E = F j: In }
        enum E { F ${t[12]} G }`;
      const { document, faults } = filter(sdl, { ...wanted, hideUnreachable });
      if (faults.length > 0) return;
      valid++;
      expect(validateSchema(buildASTSchema(document))).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(valid).toBeGreaterThan(20);
});
