import { type Graph, isFederations, isList } from './graph.ts';
import type { Violation } from './rule.ts';

/** The cost of an operation can be told only if each list says how long it gets. */
export function* lists({ subgraphs }: Graph): Iterable<Violation> {
  for (const subgraph of subgraphs) {
    for (const { name, fields } of subgraph.types.values()) {
      const isConnection = ['edges', 'pageInfo'].every((one) =>
        fields.some((field) => field.name.value === one),
      );
      for (const field of fields) {
        if (isConnection || !isList(field.type) || isFederations(field.name.value)) continue;
        if (subgraph.has(field, 'listSize') || subgraph.has(field, 'external')) continue;
        yield {
          code: 'LIST_UNBOUNDED',
          message: `${name}.${field.name.value} is a list of unknown length.`,
          remedy:
            'Say `@listSize(assumedSize: …)` if it is short by nature; page through it as a connection if not.',
          coordinate: `${name}.${field.name.value}`,
          subgraph: subgraph.name,
          node: field,
        };
      }
    }
  }
}
