/** Projections as functions of a document. */
import type { Scope } from '../expressions/compile.ts';
import { copyDoc, getField, hasField, newDoc, setField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { cutPositional, cutSlice } from './cuts.ts';
import { parseFilter } from './parse-filter.ts';
import { parseProjection } from './parse-projection.ts';
import { everything } from './predicate.ts';
import type { Leaf, ProjectionKind, ProjectionOptions, Tree } from './projection-tree.ts';

export type { ProjectionOptions } from './projection-tree.ts';

/** Both find's projection and (with `aggregation`) $project's; an empty one changes nothing. */
export function compileProjection(spec: Doc, options: ProjectionOptions): (doc: Doc) => Doc {
  const { kind, tree, cuts } = parseProjection(spec, options);
  const variables = options.variables ?? {};
  const computing = treesThatCompute(tree);
  const filter = cuts.some((cut) => cut.kind === 'positional') ? options.filter : undefined;
  const predicate = filter ? parseFilter(filter, options) : everything;
  return (doc) => {
    let result = kind === 'inclusion' ? include(doc, tree) : exclude(doc, tree);
    if (computing.has(tree)) compute(result, tree, { root: doc, current: doc, variables }, computing);
    for (const cut of cuts) {
      result = cut.kind === 'slice' ? cutSlice(result, cut) : cutPositional(result, doc, predicate, cut);
    }
    return result;
  };
}

/** Which of the two kinds a projection is, and whether it leaves `_id` in. */
export function projectionKind(spec: Doc, options: ProjectionOptions): ProjectionKind {
  return parseProjection(spec, options).kind;
}

/** Those with a computed field in them or below: found once, since each document asks at every level. */
function treesThatCompute(tree: Tree, found = new Set<Tree>()): Set<Tree> {
  for (const node of tree.values()) {
    const computes = node instanceof Map ? treesThatCompute(node, found).has(node) : isComputed(node);
    if (computes) found.add(tree);
  }
  return found;
}

function isComputed(leaf: Leaf): boolean {
  return leaf.kind === 'computed' || leaf.kind === 'elemMatch';
}

/** Keeps what the tree names, in the document's order; always a new document. */
function include(doc: Doc, tree: Tree): Doc {
  const result = newDoc();
  for (const name of Object.keys(doc)) {
    const node = tree.get(name);
    if (node === undefined) continue;
    const value = doc[name]!;
    if (node instanceof Map) setField(result, name, includeIn(value, node));
    else if (node.kind === 'flag' ? node.included : !isComputed(node)) setField(result, name, value);
  }
  return result;
}

function includeIn(value: Value, tree: Tree): Value | undefined {
  if (isDoc(value)) return include(value, tree);
  if (!Array.isArray(value)) return undefined;
  return value.map((item) => includeIn(item, tree)).filter((item) => item !== undefined);
}

/** Keeps all but what the tree names; always a new document. */
function exclude(doc: Doc, tree: Tree): Doc {
  const result = newDoc();
  for (const name of Object.keys(doc)) {
    const node = tree.get(name);
    const value = doc[name]!;
    if (node instanceof Map) setField(result, name, excludeIn(value, node));
    else if (node?.kind !== 'flag') setField(result, name, value);
  }
  return result;
}

function excludeIn(value: Value, tree: Tree): Value {
  if (isDoc(value)) return exclude(value, tree);
  return Array.isArray(value) ? value.map((item) => excludeIn(item, tree)) : value;
}

/** Adds computed fields to a document that may be changed. */
function compute(target: Doc, tree: Tree, scope: Scope, computing: Set<Tree>): void {
  for (const [name, node] of tree) {
    if (node instanceof Map) {
      if (computing.has(node)) {
        setField(target, name, computeIn(getField(target, name), node, scope, computing));
      }
    } else if (node.kind === 'computed') {
      replaceField(target, name, node.evaluate(scope));
    } else if (node.kind === 'elemMatch') {
      replaceField(target, name, firstElement(getField(scope.root, name), node.findElement));
    }
  }
}

function computeIn(value: Value | undefined, tree: Tree, scope: Scope, computing: Set<Tree>): Value {
  if (Array.isArray(value)) return value.map((item) => computeIn(item, tree, scope, computing));
  const target = isDoc(value) ? copyDoc(value) : newDoc();
  compute(target, tree, scope, computing);
  return target;
}

function replaceField(target: Doc, name: string, value: Value | undefined): void {
  if (value !== undefined) setField(target, name, value);
  else if (hasField(target, name)) delete target[name];
}

function firstElement(
  value: Value | undefined,
  findElement: (array: Value[]) => number,
): Value[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const index = findElement(value);
  return index < 0 ? undefined : [value[index]!];
}
