import { type FieldDefinitionNode, Kind, print, type TypeNode } from 'graphql';
import { type Graph, isNonNull, namedType, type SubgraphView, type TypeView } from './graph.ts';
import { type OwnerOf, ownersIn } from './owners.ts';
import type { RuleContext, Violation } from './rule.ts';

/** One subgraph that is down blanks its own fields, and no more. */
export function* nullability(graph: Graph, { settings }: RuleContext): Iterable<Violation> {
  const ownerOf = ownersIn(graph, settings.owners);
  for (const subgraph of graph.subgraphs) {
    const roots = [subgraph.root('query'), subgraph.root('mutation')];
    for (const type of subgraph.types.values()) {
      if (type.kind !== 'object' && type.kind !== 'interface') continue;
      if (roots.includes(type)) yield* required(type, subgraph);
      else if (type !== subgraph.root('subscription')) yield* foreign(type, subgraph, graph, ownerOf);
    }
  }
}

function* required(type: TypeView, subgraph: SubgraphView): Iterable<Violation> {
  for (const field of type.fields) {
    if (!isNonNull(field.type)) continue;
    yield {
      ...placeOf(type, field, subgraph),
      code: 'ROOT_NOT_NULL',
      message: `${type.name}.${field.name.value} must be there: if ${subgraph.name} is down, so is the whole answer.`,
      remedy: nullable(field),
    };
  }
}

function* foreign(
  type: TypeView,
  subgraph: SubgraphView,
  { subgraphs }: Graph,
  ownerOf: OwnerOf,
): Iterable<Violation> {
  const owner = type.keys.length > 0 ? ownerOf(type.name) : subgraph.name;
  const ofOwner = subgraphs.find(({ name }) => name === owner)?.types.get(type.name);
  for (const field of type.fields) {
    const { value: name } = field.name;
    if (subgraph.has(field, 'external')) continue;
    const isContributed = owner !== subgraph.name && !ofOwner?.fields.some((one) => one.name.value === name);
    if (isContributed && isNonNull(field.type)) {
      yield {
        ...placeOf(type, field, subgraph),
        code: 'FOREIGN_NOT_NULL',
        message: `${subgraph.name} adds ${type.name}.${name} to a type of ${owner}, and it must be there: if ${subgraph.name} is down, the ${type.name} is lost.`,
        remedy: nullable(field),
      };
    }
    const target = namedType(field.type);
    const keeper = subgraph.types.get(target)?.keys.length ? ownerOf(target) : subgraph.name;
    if (keeper === subgraph.name || keeper === undefined || !mustHaveItems(field.type)) continue;
    yield {
      ...placeOf(type, field, subgraph),
      code: 'FOREIGN_NOT_NULL',
      message: `${type.name}.${name} must have a ${target}, which ${keeper} keeps: if ${keeper} is down, the ${type.name} is lost.`,
      remedy: `Make it ${print(field.type).replace(`${target}!`, target)}, and keep the bare id beside it where it matters.`,
    };
  }
}

/** Whether a null inside would go up: `T!`, `[T!]`. */
const mustHaveItems = (type: TypeNode): boolean =>
  type.kind === Kind.NON_NULL_TYPE
    ? type.type.kind === Kind.NAMED_TYPE || mustHaveItems(type.type)
    : type.kind === Kind.LIST_TYPE && mustHaveItems(type.type);

const nullable = ({ type }: FieldDefinitionNode) => `Make it ${print(type).replace(/!$/, '')}.`;

const placeOf = (type: TypeView, field: FieldDefinitionNode, subgraph: SubgraphView) => ({
  coordinate: `${type.name}.${field.name.value}`,
  subgraph: subgraph.name,
  node: field,
});
