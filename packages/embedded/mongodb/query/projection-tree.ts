/** A parsed projection. */
import { location } from '../errors.ts';
import type { Evaluate } from '../expressions/compile.ts';
import type { Doc, Value } from '../values/types.ts';
import type { QueryOptions } from './predicate.ts';

export interface ProjectionOptions extends QueryOptions {
  /** The query the projection belongs to, which `a.$` looks at. */
  filter?: Doc;
  /** For $project: no $elemMatch and no positional projection, and $slice is the expression. */
  aggregation?: boolean;
}

export type ProjectionKind = 'inclusion' | 'exclusion';

export interface Slice {
  kind: 'slice';
  path: string[];
  skip: number | undefined;
  limit: number;
}

export interface Positional {
  kind: 'positional';
  path: string[];
}

export type Leaf =
  | { kind: 'flag'; included: boolean }
  | { kind: 'computed'; evaluate: Evaluate }
  | { kind: 'elemMatch'; field: string; findElement: (array: Value[]) => number }
  | Slice
  | Positional;

/** In the order of the projection, which is the order of computed fields. */
export type Tree = Map<string, Leaf | Tree>;

export interface ParsedProjection {
  kind: ProjectionKind;
  tree: Tree;
  /** Slices and positions, which are cut out of the projected document. */
  cuts: (Slice | Positional)[];
}

/** Two parts of a projection may not speak of the same field, nor one of a field below the other's. */
export function addToTree(parent: Tree, path: string[], leaf: Leaf | Tree): void {
  let tree = parent;
  for (let i = 0; i < path.length - 1; i++) {
    const child = tree.get(path[i]!);
    if (child !== undefined && !(child instanceof Map)) {
      const rest = path.slice(i + 1).join('.');
      throw location(31249, `Path collision at ${path.join('.')} remaining portion ${rest}`);
    }
    const next: Tree = child ?? new Map();
    if (child === undefined) tree.set(path[i]!, next);
    tree = next;
  }
  const last = path[path.length - 1]!;
  if (tree.has(last)) throw location(31250, `Path collision at ${path.join('.')}`);
  tree.set(last, leaf);
}
