import { print } from 'graphql';
import { type Graph, isNonNull, namedType, type SubgraphView, type TypeView } from './graph.ts';
import type { Violation } from './rule.ts';

/** What makes sense alone can be referred to, and who only refers does not claim to resolve. */
export function* keys({ subgraphs }: Graph): Iterable<Violation> {
  for (const subgraph of subgraphs) {
    const others = subgraphs.filter((one) => one !== subgraph);
    yield* withoutKey(subgraph);
    for (const type of subgraph.types.values()) {
      if (type.keys.length === 0) continue;
      yield* nullableKeys(type, subgraph);
      yield* resolvableStub(type, subgraph, others);
    }
  }
}

/** `thing(id: ID!): Thing` says that a Thing makes sense alone. */
function* withoutKey(subgraph: SubgraphView): Iterable<Violation> {
  for (const field of subgraph.root('query')?.fields ?? []) {
    const type = subgraph.types.get(namedType(field.type));
    const id = field.arguments?.find((one) => one.name.value === 'id' && print(one.type) === 'ID!');
    if (!id || type?.kind !== 'object' || type.keys.length > 0) continue;
    yield {
      code: 'ENTITY_WITHOUT_KEY',
      message: `${type.name} is looked up by id in Query.${field.name.value}, but has no @key.`,
      remedy: `Add \`@key(fields: "id")\` to ${type.name}, so that other subgraphs can refer to it.`,
      coordinate: type.name,
      subgraph: subgraph.name,
      node: type.node,
    };
  }
}

function* nullableKeys(type: TypeView, subgraph: SubgraphView): Iterable<Violation> {
  const names = new Set(type.keys.flatMap(({ fields }) => fields));
  for (const field of type.fields) {
    if (!names.has(field.name.value) || isNonNull(field.type)) continue;
    yield {
      code: 'KEY_NULLABLE',
      message: `${type.name}.${field.name.value} is part of a @key, but may be null.`,
      remedy: `Make it ${print(field.type)}!: an entity without its key cannot be fetched from elsewhere.`,
      coordinate: `${type.name}.${field.name.value}`,
      subgraph: subgraph.name,
      node: field,
    };
  }
}

function* resolvableStub(
  type: TypeView,
  subgraph: SubgraphView,
  others: readonly SubgraphView[],
): Iterable<Violation> {
  const isStub = type.fields.every(
    (field) =>
      subgraph.has(field, 'external') || type.keys.some((key) => key.fields.includes(field.name.value)),
  );
  const isClaimed = type.keys.some(({ isResolvable }) => isResolvable);
  const owner = others.find(({ types }) => (types.get(type.name)?.fields.length ?? 0) > type.fields.length);
  if (!isStub || !isClaimed || !owner) return;
  yield {
    code: 'STUB_RESOLVABLE',
    message: `${subgraph.name} only refers to ${type.name}, but claims that it can be fetched there.`,
    remedy: `Say \`@key(fields: "${type.keys[0]!.fields.join(' ')}", resolvable: false)\`: ${owner.name} has it.`,
    coordinate: type.name,
    subgraph: subgraph.name,
    node: type.node,
  };
}
