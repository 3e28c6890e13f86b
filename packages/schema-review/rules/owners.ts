/** Which subgraph a type belongs to; the others that have it add to it, or only refer to it. */
import { print } from 'graphql';
import { type Graph, namedType, type SubgraphView, type TypeView } from './graph.ts';

export type OwnerOf = (type: string) => string | undefined;

export function ownersIn({ subgraphs }: Graph, named: Readonly<Record<string, string>>): OwnerOf {
  const owners = new Map<string, string | undefined>();
  const decide = (type: string) => {
    const having = subgraphs.filter(({ types }) => types.has(type));
    if (having.length < 2) return having[0]?.name;
    const resolving = having.filter((one) =>
      one.types.get(type)!.keys.some(({ isResolvable }) => isResolvable),
    );
    if (resolving.length < 2) return (resolving[0] ?? having[0])?.name;
    const answering = resolving.filter((one) => answersById(one, type));
    const candidates = answering.length > 0 ? answering : resolving;
    return candidates.reduce((best, one) => (ownFields(one, type) > ownFields(best, type) ? one : best)).name;
  };
  return (type) => {
    if (named[type]) return named[type];
    if (!owners.has(type)) owners.set(type, decide(type));
    return owners.get(type);
  };
}

/** `product(id: ID!): Product` stands where products are kept. */
function answersById(subgraph: SubgraphView, type: string): boolean {
  return (subgraph.root('query')?.fields ?? []).some(
    (field) =>
      namedType(field.type) === type && (field.arguments ?? []).some((one) => print(one.type) === 'ID!'),
  );
}

function ownFields(subgraph: SubgraphView, type: string): number {
  const { fields, keys } = subgraph.types.get(type) as TypeView;
  return fields.filter(
    (field) => !subgraph.has(field, 'external') && !keys.some((key) => key.fields.includes(field.name.value)),
  ).length;
}
