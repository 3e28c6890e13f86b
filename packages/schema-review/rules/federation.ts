/** What a subgraph calls federation's directives: imported, renamed, or in full. */
import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';

/** `@key` whatever its name is here. */
export type NameOf = (directive: ConstDirectiveNode) => string;

export function directiveNames(document: DocumentNode): NameOf {
  const renamed = new Map<string, string>();
  let namespace = 'federation';
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const link of definition.directives ?? []) {
      const url = stringArgument(link, 'url');
      if (link.name.value !== 'link' || !url?.includes('/federation/')) continue;
      namespace = stringArgument(link, 'as') ?? namespace;
      for (const [from, to] of importsOf(link)) renamed.set(to, from);
    }
  }
  const prefix = `${namespace}__`;
  return ({ name: { value } }) =>
    renamed.get(value) ?? (value.startsWith(prefix) ? value.slice(prefix.length) : value);
}

/** `"@key"` and `{ name: "@key", as: "@primary" }`, without their signs. */
function importsOf(link: ConstDirectiveNode): [string, string][] {
  const list = argument(link, 'import');
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((value): [string, string][] => {
    if (value.kind === Kind.STRING) return [[bare(value.value), bare(value.value)]];
    if (value.kind !== Kind.OBJECT) return [];
    const field = (name: string) => {
      const found = value.fields.find((one) => one.name.value === name)?.value;
      return found?.kind === Kind.STRING ? bare(found.value) : undefined;
    };
    const name = field('name');
    return name === undefined ? [] : [[name, field('as') ?? name]];
  });
}

const bare = (name: string) => name.replace(/^@/, '');

export function argument(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((one) => one.name.value === name)?.value;
}

export function stringArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = argument(directive, name);
  return value?.kind === Kind.STRING ? value.value : undefined;
}
