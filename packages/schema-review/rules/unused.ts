import type { Graph, SubgraphView, TypeView } from './graph.ts';
import { namedType } from './graph.ts';
import type { Violation } from './rule.ts';

/** Every type can be reached from a root field, or as an entity from other subgraphs. */
export function* unused({ subgraphs }: Graph): Iterable<Violation> {
  for (const subgraph of subgraphs) {
    const reached = reachedIn(subgraph);
    for (const type of subgraph.types.values()) {
      if (reached.has(type.name)) continue;
      yield {
        code: 'TYPE_UNUSED',
        message: `Nothing in ${subgraph.name} leads to ${type.name}.`,
        remedy: 'Remove it, or add the field that it was meant for.',
        coordinate: type.name,
        subgraph: subgraph.name,
        node: type.node,
      };
    }
  }
}

function reachedIn(subgraph: SubgraphView): ReadonlySet<string> {
  const { types, document } = subgraph;
  const implementers = new Map<string, string[]>();
  for (const { name, interfaces } of types.values())
    for (const one of interfaces) implementers.set(one, [...(implementers.get(one) ?? []), name]);
  const roots = (['query', 'mutation', 'subscription'] as const).map((kind) => subgraph.root(kind)?.name);
  const entities = [...types.values()].filter(({ keys }) => keys.length > 0).map(({ name }) => name);
  const ofDirectives = document.definitions.flatMap((node) =>
    node.kind === 'DirectiveDefinition' ? (node.arguments ?? []).map(({ type }) => namedType(type)) : [],
  );
  const reached = new Set<string>();
  const waiting = [...roots, ...entities, ...ofDirectives];
  while (waiting.length > 0) {
    const name = waiting.pop();
    if (name === undefined || reached.has(name)) continue;
    reached.add(name);
    const type = types.get(name);
    if (type) waiting.push(...leadsTo(type), ...(implementers.get(name) ?? []));
  }
  return reached;
}

const leadsTo = ({ fields, inputFields, interfaces, members }: TypeView): string[] => [
  ...fields.flatMap((field) => [
    namedType(field.type),
    ...(field.arguments ?? []).map(({ type }) => namedType(type)),
  ]),
  ...inputFields.map(({ type }) => namedType(type)),
  ...interfaces,
  ...members,
];
