/** All operators of an update as one tree of paths, in which conflicts show. */
import { badValue, failedToParse, MongoError } from '../errors.ts';
import type { QueryOptions } from '../query/predicate.ts';
import { MAX_DEPTH, tooDeep } from '../values/decode.ts';
import { describeField, describeValue } from '../values/describe.ts';
import { getField } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import { arrayIndex, splitPath } from '../values/paths.ts';
import { compareStrings } from '../values/strings.ts';
import type { Doc, Value } from '../values/types.ts';
import { addToSetModifier, popModifier, pullAllModifier, pullModifier } from './array-modifiers.ts';
import {
  currentDateModifier,
  extremeModifier,
  setModifier,
  setOnInsertModifier,
  unsetModifier,
} from './field-modifiers.ts';
import type { Modifier } from './modifier.ts';
import { arithmeticModifier, bitModifier } from './number-modifiers.ts';
import { pushModifier } from './push-modifier.ts';
import { parseRename, type Rename, renameModifier } from './rename-modifier.ts';

export interface FieldsNode {
  kind: 'fields';
  /** In the order in which new fields are added. */
  children: Map<string, UpdateNode>;
  /** Below `$`. */
  positional: UpdateNode | undefined;
}

/** Below `$[]` (the empty identifier) and `$[identifier]`. */
export interface ElementsNode {
  kind: 'elements';
  children: Map<string, UpdateNode>;
}

export interface LeafNode {
  kind: 'leaf';
  modifier: Modifier;
}

export type UpdateNode = FieldsNode | ElementsNode | LeafNode;

export interface UpdateTree {
  root: FieldsNode;
  renames: Rename[];
  /** Every path that is written to, with its operator. */
  paths: { path: string; operator: string }[];
  isPositional: boolean;
}

type ModifierMaker = (operand: Value, path: string, options: QueryOptions) => Modifier;

const modifierMakers = new Map<string, ModifierMaker>([
  ['$set', setModifier],
  ['$setOnInsert', setOnInsertModifier],
  ['$unset', () => unsetModifier],
  ['$inc', (operand, path) => arithmeticModifier('$inc', path, operand)],
  ['$mul', (operand, path) => arithmeticModifier('$mul', path, operand)],
  ['$min', (operand, _path, { collator }) => extremeModifier('$min', operand, collator)],
  ['$max', (operand, _path, { collator }) => extremeModifier('$max', operand, collator)],
  ['$currentDate', currentDateModifier],
  ['$bit', bitModifier],
  ['$push', (operand, _path, { collator }) => pushModifier(operand, collator)],
  ['$pop', (operand, path) => popModifier(path, operand)],
  ['$pull', (operand, _path, options) => pullModifier(operand, options)],
  ['$pullAll', (operand, _path, { collator }) => pullAllModifier(operand, collator)],
  ['$addToSet', (operand, _path, { collator }) => addToSetModifier(operand, collator)],
]);

/** `$rename` moves between two paths and is made apart. */
export const updateOperatorNames: readonly string[] = [...modifierMakers.keys(), '$rename'];

/** `identifiers` are those that have an array filter; each must be used. */
export function buildUpdateTree(
  update: Doc,
  options: QueryOptions,
  identifiers: ReadonlySet<string>,
): UpdateTree {
  const tree: UpdateTree = { root: newFields(), renames: [], paths: [], isPositional: false };
  const used = new Set<string>();
  const place = (path: string, operator: string, modifier: Modifier) => {
    addLeaf(tree, checkedPath(path, identifiers, used), { kind: 'leaf', modifier });
    tree.paths.push({ path, operator });
  };
  for (const operator of Object.keys(update)) {
    const operands = getField(update, operator)!;
    const make = modifierMakers.get(operator);
    if (!make && operator !== '$rename') {
      throw failedToParse(
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDoc(operands)) {
      throw failedToParse(
        `Modifiers operate on fields but we found type ${kindOf(operands)} instead. ` +
          `For example: {$mod: {<field>: ...}} not {${describeField(operator, operands)}}`,
      );
    }
    for (const path of Object.keys(operands)) {
      const operand = getField(operands, path)!;
      if (make) place(path, operator, make(operand, path, options));
      else placeRename(tree, path, operand, place);
    }
  }
  for (const identifier of identifiers) {
    if (used.has(identifier)) continue;
    throw failedToParse(
      `The array filter for identifier '${identifier}' was not used in the update ${describeValue(update)}`,
    );
  }
  sortChildren(tree.root);
  return tree;
}

/** Both ends take a place in the tree, so that no other operator touches them. */
function placeRename(
  tree: UpdateTree,
  from: string,
  operand: Value,
  place: (path: string, operator: string, modifier: Modifier) => void,
): void {
  const rename = parseRename(from, operand);
  tree.renames.push(rename);
  place(from, '$rename', placeholder);
  place(operand as string, '$rename', renameModifier(rename));
}

const placeholder: Modifier = { change: (value) => value };

function newFields(): FieldsNode {
  return { kind: 'fields', children: new Map(), positional: undefined };
}

export function identifierOf(part: string): string | undefined {
  return part.length >= 3 && part.startsWith('$[') && part.endsWith(']') ? part.slice(2, -1) : undefined;
}

function checkedPath(path: string, identifiers: ReadonlySet<string>, used: Set<string>): string[] {
  if (path === '') throw new MongoError(56, 'EmptyFieldName', 'An empty update path is not valid.');
  const parts = splitPath(path);
  if (parts.includes('')) {
    throw new MongoError(
      56,
      'EmptyFieldName',
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  if (parts.length > MAX_DEPTH) throw tooDeep();
  if (parts.filter((part) => part === '$').length > 1) {
    throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
  }
  if (parts[0] === '$') {
    throw badValue(`Cannot have positional (i.e. '$') element in the first position in path '${path}'`);
  }
  parts.forEach((part, i) => {
    const identifier = identifierOf(part);
    if (identifier === undefined) return;
    if (i === 0) {
      throw badValue(
        `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path}'`,
      );
    }
    if (identifier === '') return;
    if (!identifiers.has(identifier)) {
      throw badValue(`No array filter found for identifier '${identifier}' in path '${path}'`);
    }
    used.add(identifier);
  });
  return parts;
}

function addLeaf(tree: UpdateTree, parts: string[], leaf: LeafNode): void {
  if (parts.includes('$')) tree.isPositional = true;
  let node: FieldsNode | ElementsNode = tree.root;
  const path = parts.join('.');
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    const identifier = identifierOf(part);
    if ((node.kind === 'elements') !== (identifier !== undefined)) {
      throw conflict(path, parts.slice(0, i).join('.'));
    }
    const key = identifier ?? part;
    const child = getChild(node, key);
    if (i === parts.length - 1) {
      if (child) throw conflict(path, path);
      setChild(node, key, leaf);
      return;
    }
    if (child?.kind === 'leaf') throw conflict(path, parts.slice(0, i + 1).join('.'));
    const next: FieldsNode | ElementsNode = child ?? newNodeFor(parts[i + 1]!);
    if (!child) setChild(node, key, next);
    node = next;
  }
}

function newNodeFor(nextPart: string): FieldsNode | ElementsNode {
  return identifierOf(nextPart) === undefined ? newFields() : { kind: 'elements', children: new Map() };
}

function getChild(node: FieldsNode | ElementsNode, key: string): UpdateNode | undefined {
  return node.kind === 'fields' && key === '$' ? node.positional : node.children.get(key);
}

function setChild(node: FieldsNode | ElementsNode, key: string, child: UpdateNode): void {
  if (node.kind === 'fields' && key === '$') node.positional = child;
  else node.children.set(key, child);
}

function conflict(path: string, at: string): MongoError {
  return new MongoError(
    40,
    'ConflictingUpdateOperators',
    `Updating the path '${path}' would create a conflict at '${at}'`,
  );
}

/** New fields are added in the order of their names, numbers by value. */
function sortChildren(node: UpdateNode): void {
  if (node.kind === 'leaf') return;
  if (node.kind === 'fields') {
    node.children = new Map([...node.children].sort(([a], [b]) => compareNames(a, b)));
    if (node.positional) sortChildren(node.positional);
  }
  for (const child of node.children.values()) sortChildren(child);
}

export function compareNames(a: string, b: string): number {
  const indexA = arrayIndex(a);
  const indexB = arrayIndex(b);
  return indexA >= 0 && indexB >= 0 ? indexA - indexB : compareStrings(a, b);
}

/** The updates of two branches that meet at the same element; `path` is for the message. */
export function mergeNodes(a: UpdateNode, b: UpdateNode, path: string): UpdateNode {
  if (a.kind !== b.kind || a.kind === 'leaf' || b.kind === 'leaf') {
    throw new MongoError(40, 'ConflictingUpdateOperators', `Update created a conflict at '${path}'`);
  }
  const children = new Map(a.children);
  for (const [name, child] of b.children) {
    const existing = children.get(name);
    children.set(name, existing ? mergeNodes(existing, child, `${path}.${name}`) : child);
  }
  if (a.kind === 'elements') return { kind: 'elements', children };
  const other = (b as FieldsNode).positional;
  const positional =
    a.positional && other ? mergeNodes(a.positional, other, `${path}.$`) : (a.positional ?? other);
  const sorted = new Map([...children].sort(([x], [y]) => compareNames(x, y)));
  return { kind: 'fields', children: sorted, positional };
}
