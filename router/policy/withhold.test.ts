/** Random operations on a schema with rules everywhere: whatever their shape, nothing guarded is run or answered. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  buildSchema,
  executeSync,
  type GraphQLCompositeType,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
  type OperationDefinitionNode,
  parse,
  print,
  validate,
} from 'graphql';
import { restore, shapeOf } from './restore.ts';
import { type Rule, type Rules, readRules } from './rules.ts';
import { restrict } from './withhold.ts';

const SDL = `
  directive @guarded on FIELD_DEFINITION | OBJECT | INTERFACE | ENUM
  type Query { node: Node! nodes: [Node!] hits: [[Hit]!]! user: User! hidden: Hidden mood: Mood! @guarded }
  interface Node { id: ID name: String! self: Node peer: Node }
  type User implements Node { id: ID name: String! self: User peer: Node mail: String! @guarded mood: Mood team: Team }
  type Team implements Node { id: ID @guarded name: String! self: Team peer: Node lead: User! log: [Hidden!] }
  type Hidden implements Node @guarded { id: ID name: String! self: Hidden peer: Node }
  union Hit = User | Hidden | Team
  enum Mood @guarded { CALM }
`;
const schema = buildSchema(SDL);
const guarded = new Set(['Query.mood', 'User.mail', 'Team.id', 'Hidden', 'Mood']);
const rules: Rules = {
  ofType: new Map(['Hidden', 'Mood'].map((coordinate) => [coordinate, { coordinate }])),
  ofField: new Map(['Query.mood', 'User.mail', 'Team.id'].map((coordinate) => [coordinate, { coordinate }])),
};

/** Every object knows its type; guarded places answer with words that must not come through. */
function objectOf(type: string, seed: number): Record<string, unknown> {
  const kinds = ['User', 'Hidden', 'Team'];
  const any = (offset: number) => () => objectOf(kinds[(seed + offset) % 3]!, seed * 3 + offset);
  return {
    __typename: type,
    id: () => (type === 'User' ? 'open' : reached(`${type}.id`)),
    name: () => (type === 'Hidden' ? reached('Hidden.name') : 'open'),
    self: () => objectOf(type, seed + 1),
    peer: any(1),
    mail: () => reached('User.mail'),
    mood: () => reached('mood'),
    team: () => objectOf('Team', seed + 2),
    lead: () => objectOf('User', seed + 3),
    log: () => [objectOf('Hidden', seed)],
    node: any(0),
    nodes: () => [any(0)(), any(1)(), any(2)()],
    hits: () => [[any(2)(), null, any(1)()], [any(0)()]],
    user: () => objectOf('User', seed),
    hidden: () => objectOf('Hidden', seed),
  };
}

let reachedPlaces: string[] = [];
function reached(place: string): string {
  reachedPlaces.push(place);
  return place === 'mood' ? 'CALM' : 'SECRET';
}

interface Pick {
  field: number;
  alias: number;
  below: Pick[];
  fragment: number;
}

const pick: fc.Memo<Pick> = fc.memo((depth) =>
  fc.record({
    field: fc.nat(20),
    alias: fc.nat(3),
    fragment: fc.nat(9),
    below: depth <= 1 ? fc.constant([]) : fc.array(pick(depth - 1), { minLength: 1, maxLength: 4 }),
  }),
);
const picks = fc.array(pick(4), { minLength: 1, maxLength: 4 });

const CONDITIONS = ['Node', 'User', 'Team', 'Hidden', 'Hit'];

function write(list: Pick[], type: GraphQLCompositeType, fragments: string[]): string {
  return list.map((item) => writeOne(item, type, fragments)).join(' ');
}

function writeOne(
  { field, alias, fragment, below }: Pick,
  type: GraphQLCompositeType,
  fragments: string[],
): string {
  const condition = CONDITIONS[fragment];
  if (condition && below.length > 0) {
    const inner = schema.getType(condition) as GraphQLCompositeType;
    const selections = write(below, inner, fragments) || '__typename';
    if (alias % 2 === 0) return `... on ${condition} { ${selections} }`;
    fragments.push(`fragment F${fragments.length} on ${condition} { ${selections} }`);
    return `...F${fragments.length - 1}`;
  }
  const fields = isUnionType(type) ? [] : Object.values(type.getFields());
  const chosen = fields[field % (fields.length + 1)];
  const name = alias === 3 ? `x${field % 4}: ` : '';
  if (!chosen) return `${name}__typename`;
  const result = getNamedType(chosen.type);
  if (!isCompositeType(result)) return `${name}${chosen.name}`;
  return `${name}${chosen.name} { ${write(below, result, fragments) || '__typename'} }`;
}

const operation = picks.map((list) => {
  const fragments: string[] = [];
  const body = write(list, schema.getQueryType()!, fragments);
  return [`{ ${body} }`, ...fragments].join('\n');
});

function run(source: string, permits: (rule: Rule) => boolean) {
  const document = parse(source);
  const definition = document.definitions.find(
    (node) => node.kind === 'OperationDefinition',
  ) as OperationDefinitionNode;
  const restricted = restrict({ schema, rules, document, operation: definition, permits });
  reachedPlaces = [];
  const { data } = executeSync({ schema, document: restricted.document, rootValue: objectOf('Query', 1) });
  const restored = data && restore(data, shapeOf(restricted, schema));
  return { restricted, data: restored?.data ?? null, reached: reachedPlaces };
}

describe('any operation', () => {
  test('reaches nothing that is guarded, answers no guarded word, and stays valid', () => {
    let withheld = 0;
    fc.assert(
      fc.property(operation, (source) => {
        fc.pre(validate(schema, parse(source)).length === 0);
        const { restricted, data, reached } = run(source, () => false);
        expect(validate(schema, restricted.document)).toEqual([]);
        expect(reached).toEqual([]);
        expect(JSON.stringify(data)).not.toMatch(/SECRET|CALM|"Hidden"|withheld_/);
        if (restricted.withheld.size > 0) withheld++;
      }),
      { numRuns: 120, seed: 7 },
    );
    expect(withheld).toBeGreaterThan(40);
  });

  test('is the same as before for somebody who may read it all', () => {
    fc.assert(
      fc.property(operation, (source) => {
        const document = parse(source);
        fc.pre(validate(schema, document).length === 0);
        const { restricted, data } = run(source, () => true);
        expect(print(restricted.document)).toBe(print(document));
        expect(data).toEqual(executeSync({ schema, document, rootValue: objectOf('Query', 1) }).data ?? null);
      }),
      { numRuns: 100, seed: 11 },
    );
  });

  test('keeps its keys in the order in which they were asked for', () => {
    const { data } = run('{ user { b: mood a: name z: id } }', () => false);
    expect(JSON.stringify(data)).toBe('{"user":{"b":null,"a":"open","z":"open"}}');
  });
});

test('a selection that can never be reached is judged all the same', () => {
  const { restricted } = run(
    '{ node { ... on User { ... on Node { ... on Hidden { id } } } } }',
    () => false,
  );
  expect(print(restricted.document)).not.toMatch(/\bid\b/);
});

test('the rules of the test are those that its schema shows', () => {
  for (const coordinate of guarded) {
    const [type, field] = coordinate.split('.');
    const named = schema.getType(type!)!;
    const node = field && isObjectType(named) ? named.getFields()[field]!.astNode : named.astNode;
    expect(node?.directives?.map(({ name }) => name.value)).toEqual(['guarded']);
  }
  expect(readRules(parse(SDL))).toEqual({ ofType: new Map(), ofField: new Map() });
});
