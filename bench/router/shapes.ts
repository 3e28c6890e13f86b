/** What is asked for: the supergraph, the operation, and how much data there is. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';

export interface Shape {
  name: string;
  subgraphs: Record<string, string>;
  query: string;
  variables: Record<string, unknown>;
  /** How long lists are that nobody asked to be of a length. */
  listLength: number;
  /** How many entities of a type there are. */
  entities: number;
  /** What a review says. */
  bodyLength: number;
}

const RULES = ['authenticated', 'requiresScopes', 'policy', 'cost', 'listSize'];

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

const LIBRARY = Object.fromEntries(
  ['accounts', 'products', 'reviews', 'inventory'].map((name) => [name, read(`schemas/${name}.graphql`)]),
);
/** Peers refuse a supergraph with rules that they do not enforce, and ours would ask who is there. */
const SHOP = Object.fromEntries(
  ['accounts', 'catalog', 'reviews'].map((name) => [
    name,
    withoutRules(read(`../../schema/${name}.graphql`)),
  ]),
);

export const SHAPES: readonly Shape[] = [
  {
    name: 'large',
    subgraphs: LIBRARY,
    query: operation('Large'),
    variables: {},
    listLength: 4,
    entities: 12,
    bodyLength: 55,
  },
  {
    name: 'small',
    subgraphs: LIBRARY,
    query: operation('Small'),
    variables: {},
    listLength: 4,
    entities: 12,
    bodyLength: 55,
  },
  {
    name: 'product page',
    subgraphs: SHOP,
    query: read('../../schema/operations/storefront/product-page.graphql'),
    variables: { slug: 'a-rug' },
    listLength: 3,
    entities: 40,
    bodyLength: 240,
  },
];

function operation(name: string): string {
  const document = parse(read('operations.graphql'));
  const isWanted = (node: DefinitionNode) =>
    node.kind === Kind.FRAGMENT_DEFINITION
      ? name === 'Large'
      : (node as OperationDefinitionNode).name?.value === name;
  return print({ ...document, definitions: document.definitions.filter(isWanted) });
}

function withoutRules(sdl: string): string {
  const document: DocumentNode = visit(parse(sdl), {
    Directive: (node): DirectiveNode | null | undefined =>
      RULES.includes(node.name.value) ? null : undefined,
    ListValue: (node) => ({
      ...node,
      values: node.values.filter(
        (value) => value.kind !== Kind.STRING || !RULES.includes(value.value.slice(1)),
      ),
    }),
  });
  return print(document);
}
