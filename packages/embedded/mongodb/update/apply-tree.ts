/** Walks an update's tree along a document and makes a new one that shares what stayed. */
import { badValue, location, MongoError } from '../errors.ts';
import { describeField } from '../values/describe.ts';
import { copyDoc, getField, newDoc, setField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { checkNewTopLevelField } from './storable.ts';
import {
  compareNames,
  type ElementsNode,
  type FieldsNode,
  mergeNodes,
  type UpdateNode,
} from './update-tree.ts';

export interface Run {
  /** The document before the update. */
  root: Doc;
  /** Whether an upsert inserts. */
  insert: boolean;
  /** The index that `$` stands for. */
  matchedIndex: number | undefined;
  /** By identifier: whether an element is meant. */
  arrayFilters: ReadonlyMap<string, (element: Value) => boolean>;
  /** How many nulls arrays were padded with so far. */
  padding?: number;
}

/** MongoDB pads an array with at most so many nulls. */
const MAX_PADDING = 1_500_000;
/** So many nulls, in however many arrays, are over 16 MB of BSON. */
const MAX_TOTAL_PADDING = 6_000_000;

export function applyToDoc(doc: Doc, node: FieldsNode, run: Run): Doc {
  return applyToFields(doc, node, [], run);
}

function apply(value: Value, node: UpdateNode, path: string[], run: Run): Value | undefined {
  switch (node.kind) {
    case 'leaf': {
      const { modifier } = node;
      if (modifier.insertOnly && !run.insert) return value;
      return modifier.change(value, {
        root: run.root,
        path: path.join('.'),
        field: path[path.length - 1]!,
      });
    }
    case 'elements':
      return applyToElements(value, node, path, run);
    case 'fields':
      if (isDoc(value)) return applyToFields(value, node, path, run);
      if (Array.isArray(value)) return applyToIndexes(value, node, path, run);
      for (const [name, child] of childrenOf(node, path, run)) {
        refuseBlocked(value, child, path, [name], run);
      }
      return value;
  }
}

function applyToFields(doc: Doc, node: FieldsNode, path: string[], run: Run): Doc {
  let result = doc;
  for (const [name, child] of childrenOf(node, path, run)) {
    const before = getField(result, name);
    const after =
      before === undefined
        ? createMissing(child, [...path, name], run)
        : apply(before, child, [...path, name], run);
    if (after === before) continue;
    if (before === undefined && path.length === 0) checkNewTopLevelField(name);
    if (result === doc) result = copyDoc(doc);
    if (after === undefined) delete result[name];
    else setField(result, name, after);
  }
  return result;
}

function applyToIndexes(array: Value[], node: FieldsNode, path: string[], run: Run): Value[] {
  let result = array;
  for (const [name, child] of childrenOf(node, path, run)) {
    if (!/^\d+$/.test(name)) {
      refuseBlocked(array, child, path, [name], run);
      continue;
    }
    const index = Number(name);
    const before = result[index];
    const after =
      before === undefined
        ? createMissing(child, [...path, name], run)
        : // Removing an element would move the others: it becomes null.
          (apply(before, child, [...path, name], run) ?? null);
    if (after === before || after === undefined) continue;
    if (result === array) result = [...array];
    padTo(result, index, run);
    result[index] = after;
  }
  return result;
}

function padTo(array: Value[], length: number, run: Run): void {
  const missing = length - array.length;
  if (missing <= 0) return;
  if (missing > MAX_PADDING) {
    throw new MongoError(34, 'CannotBackfillArray', `can't backfill more than ${MAX_PADDING} elements`);
  }
  run.padding = (run.padding ?? 0) + missing;
  if (run.padding > MAX_TOTAL_PADDING) {
    throw location(17419, 'Resulting document after update is larger than 16777216');
  }
  while (array.length < length) array.push(null);
}

function applyToElements(value: Value, node: ElementsNode, path: string[], run: Run): Value {
  if (!Array.isArray(value)) {
    const shown = describeField(path[path.length - 1]!, value);
    throw badValue(`Cannot apply array updates to non-array element ${shown}`);
  }
  let result = value;
  value.forEach((element, i) => {
    const elementPath = [...path, String(i)];
    const merged = updateOfElement(element, node, elementPath, run);
    if (!merged) return;
    const after = apply(element, merged, elementPath, run) ?? null;
    if (after === element) return;
    if (result === value) result = [...value];
    result[i] = after;
  });
  return result;
}

/** What all the identifiers that mean this element ask for together. */
function updateOfElement(
  element: Value,
  node: ElementsNode,
  path: string[],
  run: Run,
): UpdateNode | undefined {
  let merged: UpdateNode | undefined;
  for (const [identifier, child] of node.children) {
    const isMeant = identifier === '' || run.arrayFilters.get(identifier)!(element);
    if (isMeant) merged = merged ? mergeNodes(merged, child, path.join('.')) : child;
  }
  return merged;
}

/** The children in order, `$` among them under the index it stands for. */
function childrenOf(node: FieldsNode, path: string[], run: Run): Iterable<[string, UpdateNode]> {
  if (!node.positional) return node.children;
  if (run.matchedIndex === undefined) {
    throw badValue('The positional operator did not find the match needed from the query.');
  }
  const name = String(run.matchedIndex);
  const children = new Map(node.children);
  const same = children.get(name);
  children.set(name, same ? mergeNodes(node.positional, same, [...path, name].join('.')) : node.positional);
  return [...children].sort(([a], [b]) => compareNames(a, b));
}

/** New parts of a path are documents, even under names that are numbers. */
function createMissing(node: UpdateNode, path: string[], run: Run): Value | undefined {
  switch (node.kind) {
    case 'leaf':
      if (node.modifier.insertOnly && !run.insert) return undefined;
      return node.modifier.create?.(run.root);
    case 'elements':
      throw badValue(
        `The path '${path.join('.')}' must exist in the document in order to apply array updates.`,
      );
    case 'fields': {
      let created: Doc | undefined;
      for (const [name, child] of childrenOf(node, path, run)) {
        const value = createMissing(child, [...path, name], run);
        if (value === undefined) continue;
        created ??= newDoc();
        setField(created, name, value);
      }
      return created;
    }
  }
}

/** A path that goes on below a scalar, or by a name below an array. */
function refuseBlocked(value: Value, node: UpdateNode, path: string[], rest: string[], run: Run): void {
  if (node.kind === 'elements') {
    throw badValue(
      `The path '${[...path, ...rest].join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (node.kind === 'fields') {
    for (const [name, child] of childrenOf(node, [...path, ...rest], run)) {
      refuseBlocked(value, child, path, [...rest, name], run);
    }
    return;
  }
  const { modifier } = node;
  if (modifier.insertOnly && !run.insert) return;
  const element = describeField(path[path.length - 1]!, value);
  if (modifier.create && modifier.create(run.root) !== undefined) {
    throw pathNotViable(`Cannot create field '${rest[0]}' in element {${element}}`);
  }
  if (modifier.refusesBlockedPath) {
    throw pathNotViable(
      `Cannot use the part (${rest[0]}) of (${[...path, ...rest].join('.')}) to traverse the element ({${element}})`,
    );
  }
}

function pathNotViable(message: string): MongoError {
  return new MongoError(28, 'PathNotViable', message);
}
