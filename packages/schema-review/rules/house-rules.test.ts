import { describe, expect, test } from '@jest/globals';
import { parse, Source } from 'graphql';
import { ruleCodes } from '../codes/rule.ts';
import { locationsOf } from '../locations.ts';
import { parseSettings } from '../settings.ts';
import { houseRules } from './house-rules.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@listSize"])';

function side(subgraphs: Record<string, string>) {
  const documents = new Map(
    Object.entries(subgraphs).map(([name, sdl]) => [
      name,
      parse(new Source(`${LINK}\n${sdl}`, `${name}.graphql`)),
    ]),
  );
  return { documents, locations: locationsOf(documents) };
}

const TODAY = '2030-01-15';

/** `CODE coordinate` of what is new; descriptions are another matter, and have a test of their own. */
function broken(
  head: Record<string, string>,
  { base, settings = '' }: { base?: Record<string, string>; settings?: string } = {},
): string[] {
  const { rules } = parseSettings(settings, 'schema-review.yaml');
  return houseRules(side(head), base && side(base), { settings: rules, today: TODAY })
    .filter(({ level, code }) => level !== 'safe' && code !== 'DESCRIPTION_MISSING')
    .map(({ code, coordinate }) => `${code} ${coordinate}`);
}

const PAGE_INFO =
  'type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }';
const USER_ERROR = 'interface UserError { message: String! }';
const TEA = 'type Tea @key(fields: "id") { id: ID! name: String }';
const payload = (fields: string) =>
  `type Query { tea: Tea error: UserError } type Mutation { teaBrew(input: TeaBrewInput!): TeaBrewPayload }
   input TeaBrewInput { grams: Int! } type Tea { name: String } ${USER_ERROR} type TeaBrewPayload { ${fields} }`;
const ERRORS = 'userErrors: [UserError!]! @listSize(assumedSize: 1)';
const deprecated = (reason: string) =>
  `type Query { tea: Boolean old: Boolean @deprecated(reason: ${JSON.stringify(reason)}) }`;

/** Each rule as it is broken and as it is kept; a single text is a subgraph of its own. */
const CASES: [rule: string, bad: string | Record<string, string>, good: string | Record<string, string>][] = [
  [
    'NAME_STYLE tea_pot',
    'type Query { a: tea_pot } type tea_pot { b: Int }',
    'type Query { a: TeaPot } type TeaPot { b: Int }',
  ],
  ['NAME_STYLE Query.tea_pot', 'type Query { tea_pot: Int }', 'type Query { teaPot: Int }'],
  ['NAME_STYLE Query.tea(Max:)', 'type Query { tea(Max: Int): Int }', 'type Query { tea(max: Int): Int }'],
  [
    'NAME_STYLE Sort.byName',
    'type Query { a: Sort } enum Sort { byName }',
    'type Query { a: Sort } enum Sort { BY_NAME }',
  ],
  [
    'NAME_STYLE @Hot',
    'type Query { a: Int } directive @Hot on FIELD',
    'type Query { a: Int } directive @hot on FIELD',
  ],
  [
    'MUTATION_VERB_FIRST Mutation.createTea',
    `type Query { ok: Int } type Mutation { createTea: CreateTeaPayload } ${USER_ERROR} type CreateTeaPayload { ${ERRORS} }`,
    `type Query { ok: Int } type Mutation { teaCreate: TeaCreatePayload } ${USER_ERROR} type TeaCreatePayload { ${ERRORS} }`,
  ],
  [
    'CONNECTION_SHAPE TeaConnection.edges',
    `type Query { teas(first: Int, after: String): TeaConnection } ${PAGE_INFO} type TeaEdge { node: Int } type TeaConnection { edges: [TeaEdge!]! pageInfo: PageInfo! }`,
    `type Query { teas(first: Int, after: String): TeaConnection } ${PAGE_INFO} type TeaEdge { node: Int cursor: String! } type TeaConnection { edges: [TeaEdge!]! pageInfo: PageInfo! nodes: [Int!]! }`,
  ],
  [
    'CONNECTION_SHAPE PageInfo.hasNextPage',
    'type Query { a: PageInfo } type PageInfo { hasNextPage: Boolean hasPreviousPage: Boolean! startCursor: String endCursor: String }',
    `type Query { a: PageInfo } ${PAGE_INFO}`,
  ],
  [
    'CONNECTION_ARGUMENTS Query.teas',
    `type Query { teas(first: Int): TeaConnection } ${PAGE_INFO} type TeaEdge { node: Int cursor: String! } type TeaConnection { edges: [TeaEdge!]! pageInfo: PageInfo! }`,
    `type Query { teas(last: Int, before: String): TeaConnection } ${PAGE_INFO} type TeaEdge { node: Int cursor: String! } type TeaConnection { edges: [TeaEdge!]! pageInfo: PageInfo! }`,
  ],
  [
    'MUTATION_INPUT Mutation.teaBrew',
    payload(ERRORS).replace('input: TeaBrewInput!', 'grams: TeaBrewInput'),
    payload(ERRORS),
  ],
  [
    'MUTATION_PAYLOAD Mutation.teaBrew',
    payload(ERRORS).replaceAll('TeaBrewPayload', 'BrewAnswer'),
    payload(ERRORS),
  ],
  ['USER_ERRORS_MISSING TeaBrewPayload', payload('tea: Tea'), payload(`tea: Tea ${ERRORS}`)],
  [
    'USER_ERRORS_MISSING TeaBrewPayload.userErrors',
    payload('userErrors: [Tea!]! @listSize(assumedSize: 1)'),
    `${payload('userErrors: [TeaError!]! @listSize(assumedSize: 1)')} type TeaError implements UserError { message: String! }`,
  ],
  ['PAYLOAD_NOT_NULL TeaBrewPayload.tea', payload(`tea: Tea! ${ERRORS}`), payload(`tea: Tea ${ERRORS}`)],
  ['ROOT_NOT_NULL Query.tea', 'type Query { tea: Int! }', 'type Query { tea: Int }'],
  [
    'FOREIGN_NOT_NULL Tea.stars',
    {
      shop: `type Query { tea(id: ID!): Tea } ${TEA}`,
      stars: 'type Tea @key(fields: "id") { id: ID! stars: Int! }',
    },
    {
      shop: `type Query { tea(id: ID!): Tea } ${TEA}`,
      stars: 'type Tea @key(fields: "id") { id: ID! stars: Int }',
    },
  ],
  [
    'FOREIGN_NOT_NULL Order.teas',
    {
      shop: `type Query { tea(id: ID!): Tea } ${TEA}`,
      orders:
        'type Query { order: Order } type Order { teas: [Tea!] @listSize(assumedSize: 2) } type Tea @key(fields: "id", resolvable: false) { id: ID! }',
    },
    {
      shop: `type Query { tea(id: ID!): Tea } ${TEA}`,
      orders:
        'type Query { order: Order } type Order { teas: [Tea]! @listSize(assumedSize: 2) } type Tea @key(fields: "id", resolvable: false) { id: ID! }',
    },
  ],
  [
    'LIST_UNBOUNDED Query.teas',
    'type Query { teas: [Int!] }',
    'type Query { teas: [Int!] @listSize(assumedSize: 9) }',
  ],
  [
    'DEPRECATION_UNCLEAR Query.old',
    deprecated('Old. Removed on 2031-01-01.'),
    deprecated('Use `tea`. Removed on 2031-01-01.'),
  ],
  [
    'DEPRECATION_UNDATED Query.old',
    deprecated('Use `tea`.'),
    deprecated('Use `tea`. Removed on 2030-01-15.'),
  ],
  [
    'DEPRECATION_UNDATED Query.old',
    deprecated('Use `tea`, until 2031-13-45.'),
    deprecated('Use `tea`, until 2031-12-31.'),
  ],
  [
    'REMOVAL_OVERDUE Query.old',
    deprecated('Use `tea`. Removed on 2030-01-14.'),
    deprecated('Use `tea`. Removed on 2030-01-16.'),
  ],
  [
    'ENTITY_WITHOUT_KEY Tea',
    'type Query { tea(id: ID!): Tea } type Tea { id: ID! }',
    `type Query { tea(id: ID!): Tea } ${TEA}`,
  ],
  [
    'KEY_NULLABLE Tea.id',
    'type Query { a: Int } type Tea @key(fields: "id") { id: ID }',
    `type Query { a: Int } ${TEA}`,
  ],
  [
    'STUB_RESOLVABLE Tea',
    {
      shop: `type Query { tea: Tea } ${TEA}`,
      stars: 'type Query { star: Tea } type Tea @key(fields: "id") { id: ID! }',
    },
    {
      shop: `type Query { tea: Tea } ${TEA}`,
      stars: 'type Query { star: Tea } type Tea @key(fields: "id", resolvable: false) { id: ID! }',
    },
  ],
  [
    'TYPE_UNUSED Lost',
    'type Query { a: Thing } interface Thing { b: Int } type Found implements Thing { b: Int } type Lost { b: Int }',
    'type Query { a: Thing } interface Thing { b: Int } type Found implements Thing { b: Int }',
  ],
];

const subgraphs = (given: string | Record<string, string>) =>
  typeof given === 'string' ? { shop: given } : given;

describe('each house rule', () => {
  test.each(CASES)('%s', (expected, bad, good) => {
    expect(broken(subgraphs(bad))).toEqual([expected]);
    expect(broken(subgraphs(good))).toEqual([]);
  });

  test('IDEMPOTENCY_KEY_MISSING follows the settings, by mutation and by what it changes', () => {
    const sdl = (input: string) => ({
      shop: payload(`tea: Tea ${ERRORS}`).replace('grams: Int!', input),
    });
    const byName = { settings: 'rules: { idempotency: { mutations: ["tea*"] } }' };
    const byType = { settings: 'rules: { idempotency: { types: [Tea] } }' };
    for (const settings of [byName, byType]) {
      expect(broken(sdl('grams: Int!'), settings)).toEqual(['IDEMPOTENCY_KEY_MISSING Mutation.teaBrew']);
      expect(broken(sdl('idempotencyKey: ID'), settings)).toEqual([
        'IDEMPOTENCY_KEY_MISSING Mutation.teaBrew',
      ]);
      expect(broken(sdl('idempotencyKey: ID!'), settings)).toEqual([]);
    }
    expect(broken(sdl('grams: Int!'))).toEqual([]);
  });

  test('every code of the table is broken by a case here', () => {
    const tested = CASES.map(([rule]) => rule.split(' ')[0]);
    expect(Object.keys(ruleCodes).sort()).toEqual(
      [...new Set([...tested, 'IDEMPOTENCY_KEY_MISSING', 'DESCRIPTION_MISSING'])].sort(),
    );
  });
});

describe('what a change answers for', () => {
  test('what base broke as well stood before, also when it moved to another subgraph', () => {
    const shop = 'type Query { teas: [Int!] }';
    expect(broken({ shop }, { base: { shop } })).toEqual([]);
    expect(broken({ bar: shop }, { base: { shop } })).toEqual([]);
    const more = 'type Query { teas: [Int!] pots: [Int!] }';
    expect(broken({ shop: more }, { base: { shop } })).toEqual(['LIST_UNBOUNDED Query.pots']);
  });

  test('time breaks a promise without any change', () => {
    const shop = deprecated('Use `tea`. Removed on 2029-12-31.');
    expect(broken({ shop }, { base: { shop } })).toEqual(['REMOVAL_OVERDUE Query.old']);
  });

  test('a finding says where it stands', () => {
    const [finding] = houseRules(side({ shop: 'type Query {\n  teas: [Int!]\n}' }), undefined, {
      settings: parseSettings('', 'schema-review.yaml').rules,
    }).filter(({ code }) => code === 'LIST_UNBOUNDED');
    expect(finding).toMatchObject({
      area: 'rule',
      subgraph: 'shop',
      place: { file: 'shop.graphql', line: 3, column: 3 },
    });
  });
});

describe('descriptions', () => {
  const missing = (head: Record<string, string>) =>
    houseRules(side(head), undefined, { settings: parseSettings('', '').rules })
      .filter(({ code }) => code === 'DESCRIPTION_MISSING')
      .map(({ coordinate }) => coordinate);

  test('types, fields, arguments, input fields and enum values need one', () => {
    const shop = 'type Query { tea(by: By): E } input By { name: String } enum E { A }';
    expect(missing({ shop })).toEqual(['Query', 'Query.tea', 'Query.tea(by:)', 'By', 'By.name', 'E', 'E.A']);
  });

  test('one of the subgraphs that have it is enough', () => {
    const shop =
      '"Reads." type Query { "A tea." tea: Tea } "Leaves." type Tea @key(fields: "id") { "Its id." id: ID! }';
    const stars = 'type Tea @key(fields: "id") { id: ID! "How good." stars: Int }';
    expect(missing({ stars, shop })).toEqual([]);
  });
});

describe('federation by other names', () => {
  test('renamed and full names of directives are understood', () => {
    const link = (imports: string) =>
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9"${imports})`;
    const read = (sdl: string) => {
      const documents = new Map([['shop', parse(sdl)]]);
      const { rules } = parseSettings('', '');
      return houseRules({ documents, locations: locationsOf(documents) }, undefined, { settings: rules })
        .map(({ code }) => code)
        .filter((code) => code !== 'DESCRIPTION_MISSING');
    };
    const body = (directive: string) => `type Query { teas: [Int!] ${directive}(assumedSize: 3) }`;
    expect(read(`${link('')} ${body('@federation__listSize')}`)).toEqual([]);
    expect(read(`${link(', as: "fed"')} ${body('@fed__listSize')}`)).toEqual([]);
    expect(read(`${link(', import: [{ name: "@listSize", as: "@size" }]')} ${body('@size')}`)).toEqual([]);
    expect(read(`${link('')} ${body('@other')}`)).toEqual(['LIST_UNBOUNDED']);
  });

  test('nested keys count by what stands at their top', () => {
    const shop =
      'type Query { a: Int } type Tea @key(fields: "id shop { id }") { id: ID! shop: Shop! } type Shop { id: ID }';
    expect(broken({ shop })).toEqual([]);
  });
});
