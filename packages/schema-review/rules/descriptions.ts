import type { ASTNode, StringValueNode } from 'graphql';
import type { Graph, SubgraphView, TypeView } from './graph.ts';
import type { Violation } from './rule.ts';

interface Described {
  coordinate: string;
  what: string;
  node: ASTNode;
  subgraph: SubgraphView;
  isDescribed: boolean;
}

/** Everything is described in at least one of the subgraphs that have it. */
export function* descriptions({ subgraphs }: Graph): Iterable<Violation> {
  const all = subgraphs.flatMap((subgraph) =>
    [...subgraph.types.values()].flatMap((type) => [...describedIn(type, subgraph)]),
  );
  const done = new Set(all.filter(({ isDescribed }) => isDescribed).map(({ coordinate }) => coordinate));
  for (const { coordinate, what, node, subgraph } of all) {
    if (done.has(coordinate)) continue;
    done.add(coordinate);
    yield {
      code: 'DESCRIPTION_MISSING',
      message: `${what} ${coordinate} has no description.`,
      remedy: 'Write one line above it that says what its name does not.',
      coordinate,
      subgraph: subgraph.name,
      node,
    };
  }
}

function* describedIn(type: TypeView, subgraph: SubgraphView): Iterable<Described> {
  const one = (
    coordinate: string,
    what: string,
    node: ASTNode & { description?: StringValueNode },
  ): Described => ({ coordinate, what, node, subgraph, isDescribed: node.description !== undefined });

  yield { ...one(type.name, 'Type', type.node), isDescribed: type.isDescribed };
  for (const field of type.fields) {
    const coordinate = `${type.name}.${field.name.value}`;
    if (subgraph.has(field, 'external')) continue;
    yield one(coordinate, 'Field', field);
    for (const argument of field.arguments ?? [])
      yield one(`${coordinate}(${argument.name.value}:)`, 'Argument', argument);
  }
  for (const field of type.inputFields) yield one(`${type.name}.${field.name.value}`, 'Input field', field);
  for (const value of type.values) yield one(`${type.name}.${value.name.value}`, 'Enum value', value);
}
