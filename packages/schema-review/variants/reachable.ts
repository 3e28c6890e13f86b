/** Types that a query can come to: from the roots, over fields, arguments, members, and whatever implements. */
import { type TypeDefinitionNode, visit } from 'graphql';

export function reachable(
  types: readonly TypeDefinitionNode[],
  roots: readonly string[],
): ReadonlySet<string> {
  const byName = new Map(types.map((type) => [type.name.value, type]));
  const implementers = new Map<string, string[]>();
  for (const type of types) {
    for (const { name } of 'interfaces' in type ? (type.interfaces ?? []) : [])
      implementers.set(name.value, [...(implementers.get(name.value) ?? []), type.name.value]);
  }
  const reached = new Set<string>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const type = byName.get(name);
    if (!type || reached.has(name)) continue;
    reached.add(name);
    waiting.push(...(implementers.get(name) ?? []));
    visit(type, { NamedType: (node) => void waiting.push(node.name.value) });
  }
  return reached;
}
