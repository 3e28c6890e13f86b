/** A supergraph as large as one likes: domains that extend each other's entities, and operations across them. */

export interface Size {
  subgraphs: number;
  operations: number;
}

type Files = Map<string, string>;

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@authenticated", "@requiresScopes", "@cost", "@listSize"])\n';
const FIELDS = 12;
const CLIENTS = ['storefront', 'admin', 'app'];

/** Base and head: head moves, removes, hides and adds a little in one subgraph of ten. */
export function generate(size: Size): { base: Files; head: Files } {
  const shared: Files = new Map();
  for (let index = 0; index < size.operations; index += 1) {
    const client = CLIENTS[index % CLIENTS.length]!;
    shared.set(`schema/operations/${client}/operation-${index}.graphql`, operationOf(index, size.subgraphs));
  }
  const names = Array.from({ length: size.subgraphs }, (_, index) => `domain${index}`);
  const yaml = names.map(
    (name) =>
      `  ${name}:\n    routing_url: http://${name}/graphql\n    schema:\n      file: schema/${name}.graphql\n`,
  );
  shared.set('supergraph.yaml', `subgraphs:\n${yaml.join('')}`);
  const side = (isHead: boolean): Files =>
    new Map([
      ...shared,
      ...names.map(
        (name, index) =>
          [`schema/${name}.graphql`, sdlOf(index, size.subgraphs, isHead && index % 10 === 3)] as const,
      ),
    ]);
  return { base: side(false), head: side(true) };
}

function sdlOf(index: number, count: number, isChanged: boolean): string {
  const [next, other] = [(index + 1) % count, (index * 7 + 3) % count];
  const own = `Entity${index}`;
  const fields = Array.from({ length: FIELDS }, (_, at) => `  "Field ${at}."\n  field${at}: String`);
  if (isChanged) fields.splice(4, 1, '  "New."\n  fresh: Int @authenticated');
  const foreign = [...new Set([next, other])].filter((one) => one !== index);
  return `${LINK}
type Query {
  "One."
  entity${index}(id: ID!): ${own}
  "Many."
  entities${index}(first: Int = ${isChanged ? 50 : 20}, after: String): ${own}Connection
    @listSize(slicingArguments: ["first"], sizedFields: ["nodes"], assumedSize: 20, requireOneSlicingArgument: false)
}

type Mutation {
  "Changes one."
  entity${index}Update(input: Entity${index}UpdateInput!): ${own} @requiresScopes(scopes: [["write:${index}"]])
}

input Entity${index}UpdateInput {
  id: ID!
  field0: String
  kind: Kind${index}
}

enum Kind${index} {
  PLAIN
  FANCY${isChanged ? '\n  RARE' : ''}
}

"What the domain owns."
type ${own} @key(fields: "id") {
  id: ID!
${fields.join('\n')}
  "Next door."
  next: Entity${next}
  "Far away."
  others: [Entity${other}!] @listSize(assumedSize: 5)
  kind: Kind${index}
  cost: Int @cost(weight: 3)
}

type ${own}Connection {
  nodes: [${own}!]
  pageInfo: PageInfo!
}

type PageInfo @shareable {
  hasNextPage: Boolean!
  endCursor: String
}
${foreign
  .map(
    (one) => `
type Entity${one} @key(fields: "id") {
  id: ID!
  "What domain ${index} knows of it."
  about${index}: String
  score${index}: Float
}
`,
  )
  .join('')}`;
}

/** Through three to five domains, by steps that lead on. */
function operationOf(index: number, count: number): string {
  const start = (index * 13) % count;
  const depth = 3 + (index % 3);
  return `query Operation${index}($first: Int = 10) {\n  entities${start}(first: $first) {\n    nodes {\n${selection(start, depth, count, 6)}    }\n  }\n}\n`;
}

function selection(entity: number, depth: number, count: number, indent: number): string {
  const space = ' '.repeat(indent);
  const step = depth % 2 === 0 ? 'others' : 'next';
  const towards = step === 'next' ? (entity + 1) % count : (entity * 7 + 3) % count;
  const plain = ['id', 'field0', `field${(entity % (FIELDS - 1)) + 1}`, 'kind'];
  const foreign = entity > 0 ? [`about${entity - 1}`] : [];
  const lines = [...new Set([...plain, ...foreign])].map((field) => `${space}${field}\n`).join('');
  if (depth === 0) return lines;
  return `${lines}${space}${step} {\n${selection(towards, depth - 1, count, indent + 2)}${space}}\n`;
}
