/** What a subgraph will answer to an operation, and to which slots each part of it goes. Made once for an operation. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { keysOf, type Rename } from '../../plan/plan.ts';
import { detached, wireJson } from '../wire-text.ts';
import type { IsLeftOut } from './conditions.ts';
import { type Leaf, leafOf } from './leaf.ts';
import type { Place } from './values.ts';

export interface Shape {
  place: Place;
  fields: Map<string, ShapeField>;
  first: ShapeField | undefined;
  /** Objects with the same text are one row. */
  isKnownByText: boolean;
}

export interface ShapeField {
  key: string;
  /** Wire text that it begins with: `"key":`. */
  opening: string;
  slot: number;
  /** How many lists are around it. */
  depth: number;
  /** A scalar has a leaf, anything else a shape. */
  leaf: Leaf | undefined;
  shape: Shape | undefined;
  /** Which field came after it last time, since subgraphs keep to an order. */
  next: ShapeField | undefined;
  /** Of `__typename`: what it was before. */
  typenames: string[];
}

export interface ShapeInput {
  document: DocumentNode;
  schema: GraphQLSchema;
  apiSchema: GraphQLSchema;
  isLeftOut: IsLeftOut;
  renames: readonly Rename[];
}

/** A field that the supergraph does not have: nothing that this executor could run. */
export class UnknownField extends Error {
  override name = 'UnknownField';
}

export function shapeOf(
  input: ShapeInput,
  place: Place,
  roots: readonly { set: SelectionSetNode; type: GraphQLCompositeType }[],
): Shape {
  const { schema, apiSchema, isLeftOut } = input;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of input.document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const renamed = new Map(input.renames.map(({ path, to }) => [keysOf(path).join(' '), to]));
  const shape = emptyShape(place);
  for (const { set, type } of roots) walk(shape, set, type, []);
  link(shape);
  return shape;

  function walk(
    shape: Shape,
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    path: readonly string[],
  ): void {
    for (const node of set.selections) {
      if (isLeftOut(node)) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        const field = fieldAt(shape, key, typeOf(type, node.name.value), [...path, key]);
        const below = getNamedType(typeOf(type, node.name.value));
        if (node.selectionSet && field.shape && isCompositeType(below)) {
          walk(field.shape, node.selectionSet, below, [...path, key]);
        }
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node;
      const condition = fragment.typeCondition;
      walk(shape, fragment.selectionSet, condition ? compositeType(condition.name.value) : type, path);
    }
  }

  function fieldAt(shape: Shape, key: string, type: GraphQLOutputType, path: readonly string[]): ShapeField {
    const known = shape.fields.get(key);
    if (known) return known;
    const target = renamed.get(path.join(' ')) ?? key;
    const named = getNamedType(type);
    const field: ShapeField = {
      key,
      opening: detached(`${wireJson(key)}:`),
      slot: shape.place.slot(target),
      depth: depthOf(type),
      leaf: isLeafType(named) ? leafOf(named, apiSchema) : undefined,
      shape: isLeafType(named) ? undefined : providing(shape.place.below(target), depthOf(type)),
      next: undefined,
      typenames: [],
    };
    if (field.leaf) shape.place.brings(field.slot, field.leaf);
    shape.fields.set(key, field);
    return field;
  }

  function typeOf(type: GraphQLCompositeType, name: string): GraphQLOutputType {
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef.type;
    const field = isUnionType(type) ? undefined : type.getFields()[name];
    if (!field) throw new UnknownField(`${type.name}.${name}`);
    return field.type;
  }

  function compositeType(name: string): GraphQLCompositeType {
    const type = schema.getType(name);
    if (!isCompositeType(type)) throw new UnknownField(name);
    return type;
  }
}

function emptyShape(place: Place): Shape {
  return { place, fields: new Map(), first: undefined, isKnownByText: false };
}

function providing(place: Place, depth: number): Shape {
  place.depth = depth;
  place.providers++;
  return emptyShape(place);
}

/** Answers come in the order of the operation, mostly. */
function link(shape: Shape): void {
  let previous: ShapeField | undefined;
  for (const field of shape.fields.values()) {
    if (previous) previous.next = field;
    else shape.first = field;
    previous = field;
    if (field.shape) link(field.shape);
  }
}

function depthOf(type: GraphQLOutputType): number {
  const nullable = isNonNullType(type) ? type.ofType : type;
  return isListType(nullable) ? 1 + depthOf(nullable.ofType) : 0;
}
