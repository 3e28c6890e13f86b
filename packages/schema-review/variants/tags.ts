/** Which tags everything has, by coordinate, out of the composed supergraph. */
import type { Directive, SupergraphView } from '../supergraph.ts';

export type TagsOf = (coordinate: string) => ReadonlySet<string>;

const NONE: ReadonlySet<string> = new Set();

export function tagsIn({ types }: SupergraphView): { tagsOf: TagsOf; all: ReadonlyMap<string, string> } {
  const tags = new Map<string, Set<string>>();
  /** Each tag with one place where it stands. */
  const all = new Map<string, string>();
  const add = (coordinate: string, directives: readonly Directive[]) => {
    for (const { name, args } of directives) {
      if (name !== 'tag' || typeof args.name !== 'string') continue;
      tags.set(coordinate, (tags.get(coordinate) ?? new Set()).add(args.name));
      if (!all.has(args.name)) all.set(args.name, coordinate);
    }
  };
  for (const type of types.values()) {
    add(type.name, type.directives);
    for (const [name, { directives }] of type.values) add(`${type.name}.${name}`, directives);
    for (const field of type.fields.values()) {
      add(`${type.name}.${field.name}`, field.directives);
      for (const [name, argument] of field.args)
        add(`${type.name}.${field.name}(${name}:)`, argument.directives);
    }
  }
  return { tagsOf: (coordinate) => tags.get(coordinate) ?? NONE, all };
}
