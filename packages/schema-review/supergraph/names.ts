/** What the directives of specifications are called in one supergraph: `@link` may give them other names. */
import { type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';

/** From the name in the supergraph to that in the specification. */
export type NameOf = (name: string) => string;

export function canonicalNames(supergraph: DocumentNode): NameOf {
  const names = new Map<string, string>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of definition.directives ?? []) {
      const args = Object.fromEntries(
        (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
      );
      for (const [name, canonical] of importsOf(args)) names.set(name, canonical);
    }
  }
  return (name) => names.get(name) ?? name;
}

/** `cost` gives `@cost` and, by `import`, `@listSize`; a name of its own is `as`, or `{ name, as }`. */
function importsOf({ url, as, import: imports }: Record<string, unknown>): [string, string][] {
  const [, feature] = /\/([^/]+)\/v\d+\.\d+\/?$/.exec(String(url)) ?? [];
  if (feature === undefined) return [];
  const found: [string, string][] = typeof as === 'string' ? [[as, feature]] : [];
  for (const one of Array.isArray(imports) ? imports : []) {
    const { name, as: alias } = typeof one === 'string' ? { name: one, as: one } : one;
    if (typeof name === 'string' && typeof alias === 'string') found.push([alias.slice(1), name.slice(1)]);
  }
  return found;
}
