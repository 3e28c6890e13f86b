import { type FieldDefinitionNode, print } from 'graphql';
import { type Graph, isList, isNonNull, namedType, type SubgraphView, type TypeView } from './graph.ts';
import type { Violation } from './rule.ts';

const PAGE_INFO: Record<string, string> = {
  hasNextPage: 'Boolean!',
  hasPreviousPage: 'Boolean!',
  startCursor: 'String',
  endCursor: 'String',
};

export const isConnectionName = (name: string) => name.endsWith('Connection') && name !== 'Connection';

/** Lists that are paged are Relay connections, in shape and in arguments. */
export function* connections({ subgraphs }: Graph): Iterable<Violation> {
  for (const subgraph of subgraphs) {
    for (const type of subgraph.types.values()) {
      if (type.kind !== 'object' && type.kind !== 'interface') continue;
      if (isConnectionName(type.name)) yield* shapeOf(type, subgraph);
      for (const field of type.fields) {
        if (isConnectionName(namedType(field.type))) yield* argumentsOf(type, field, subgraph);
      }
    }
    const pageInfo = subgraph.types.get('PageInfo');
    if (pageInfo) yield* pageInfoShape(pageInfo, subgraph);
  }
}

function* shapeOf(type: TypeView, subgraph: SubgraphView): Iterable<Violation> {
  const violation = shapeViolation(type, subgraph);
  const field = (of: TypeView | undefined, name: string) => of?.fields.find((one) => one.name.value === name);
  const edges = field(type, 'edges');
  const pageInfo = field(type, 'pageInfo');
  if (!edges || !isList(edges.type)) {
    yield violation(`${type.name} has no list of \`edges\``, edges);
  } else {
    const edge = subgraph.types.get(namedType(edges.type));
    const node = field(edge, 'node');
    const cursor = field(edge, 'cursor');
    if (!node || isList(node.type))
      yield violation(`${edge?.name ?? 'its edge'} has no single \`node\``, edges);
    if (!cursor || !isNonNull(cursor.type))
      yield violation(`${edge?.name ?? 'its edge'} has no \`cursor\` that is always there`, edges);
  }
  if (!pageInfo || print(pageInfo.type) !== 'PageInfo!')
    yield violation(`${type.name} has no \`pageInfo: PageInfo!\``, pageInfo);
}

function* pageInfoShape(type: TypeView, subgraph: SubgraphView): Iterable<Violation> {
  const violation = shapeViolation(type, subgraph);
  for (const [name, wanted] of Object.entries(PAGE_INFO)) {
    const field = type.fields.find((one) => one.name.value === name);
    if (!field || print(field.type) !== wanted)
      yield violation(`PageInfo has no \`${name}: ${wanted}\``, field);
  }
}

const shapeViolation =
  (type: TypeView, subgraph: SubgraphView) =>
  (fault: string, field: FieldDefinitionNode | undefined): Violation => ({
    code: 'CONNECTION_SHAPE',
    message: `${type.name} is not a Relay connection: ${fault}.`,
    remedy: 'Give it `edges { node cursor }` and `pageInfo`, or do not call it a connection.',
    coordinate: field ? `${type.name}.${field.name.value}` : type.name,
    subgraph: subgraph.name,
    node: field ?? type.node,
  });

function* argumentsOf(
  type: TypeView,
  field: FieldDefinitionNode,
  subgraph: SubgraphView,
): Iterable<Violation> {
  const named = new Map(field.arguments?.map((argument) => [argument.name.value, argument]));
  const isInt = (name: string) => /^Int!?$/.test(named.has(name) ? print(named.get(name)!.type) : '');
  const forward = isInt('first') && named.has('after');
  const backward = isInt('last') && named.has('before');
  if (forward || backward || subgraph.has(field, 'external')) return;
  yield {
    code: 'CONNECTION_ARGUMENTS',
    message: `${type.name}.${field.name.value} is a connection that cannot be paged through.`,
    remedy: 'Give it `first: Int` and `after: String`, or `last` and `before`.',
    coordinate: `${type.name}.${field.name.value}`,
    subgraph: subgraph.name,
    node: field,
  };
}
