/**
 * What the client selected, resolved for each type that an object turns out to have: which keys, in which order, from
 * which slots. Fragments are gone here; a type is resolved when the first object of it comes by.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Withheld } from '../../policy/withhold.ts';
import { detached, fromWire, wireJson } from '../wire-text.ts';
import type { IsLeftOut } from './conditions.ts';
import { type Leaf, leafOf } from './leaf.ts';
import { clientName } from './response-names.ts';
import { type TypenameField, typenameField } from './typename.ts';
import { type Place, TYPENAME, type Value } from './values.ts';

export interface ProjectionInput {
  apiSchema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  isLeftOut: IsLeftOut;
  /** By the alias that holds the place. */
  withheld: ReadonlyMap<string, Withheld>;
}

/** The type of a value, from outside in. */
export interface TypeRef {
  isNonNull: boolean;
  /** Of a list. */
  item: TypeRef | undefined;
  /** For error messages: the type without its outer `!`. */
  name: string;
}

export interface FieldProjection {
  key: string;
  /** Wire text up to the value, with the comma before it. */
  opening: string;
  slot: number;
  type: TypeRef;
  /** For error messages. */
  parent: string;
  leaf?: Leaf;
  /** A fetch takes the scalar for one of another type, so that it has not been checked. */
  isDoubtful: boolean;
  below?: Projection;
  typename?: TypenameField;
  introspection?: readonly FieldNode[];
  held?: Withheld;
}

export interface TypeProjection {
  type: GraphQLCompositeType;
  fields: readonly FieldProjection[];
  isDoubtful: boolean;
}

export interface Projection {
  type: GraphQLCompositeType;
  /** Any text; no other projection of the operation has it. */
  id: string;
  /** By the text of `__typename`, or its absence. Nothing for what is no type of objects. */
  of(typename: Value): TypeProjection | undefined;
}

interface Read {
  set: SelectionSetNode;
  type: GraphQLCompositeType;
}

interface Draft {
  node: FieldNode;
  type: GraphQLOutputType;
  parent: GraphQLCompositeType;
  reads: Read[];
  nodes: FieldNode[];
}

/** Types come from subgraphs: unknown ones must not grow what is kept. */
const MAX_TYPES = 1_000;

export function projectionOf(input: ProjectionInput, root: Place): Projection {
  const { apiSchema, operation, fragments, isLeftOut, withheld } = input;
  const rootType = apiSchema.getRootType(operation.operation)!;
  let projections = 0;
  return projection(root, rootType, [{ set: operation.selectionSet, type: rootType }]);

  function projection(place: Place, declared: GraphQLCompositeType, reads: readonly Read[]): Projection {
    const known = new Map<Value, TypeProjection | undefined>();
    return {
      type: declared,
      id: `${projections++}`,
      of: (typename) => {
        const found = known.get(typename);
        if (found !== undefined) return found;
        const made = resolve(place, declared, reads, typename);
        if (made && known.size < MAX_TYPES) known.set(detached(typename), made);
        return made;
      },
    };
  }

  function resolve(
    place: Place,
    declared: GraphQLCompositeType,
    reads: readonly Read[],
    typename: Value,
  ): TypeProjection | undefined {
    const name = typeof typename === 'string' ? fromWire(typename.slice(1, -1)) : '';
    const named = name === '' ? undefined : apiSchema.getType(name);
    // The root may be called otherwise in a subgraph.
    const isRoot = place.parent === undefined;
    if (name !== '' && !isRoot && !isCompositeType(named)) return undefined;
    const type = isCompositeType(named) ? named : declared;
    const drafts = new Map<string, Draft>();
    for (const read of reads)
      collect(drafts, read.set, read.type, isRoot ? declared : type, name === '' ? undefined : named);
    const fields = fieldsOf(drafts, place);
    return { type, fields, isDoubtful: fields.some((field) => field.isDoubtful) };
  }

  /** `actual` is the object's type where it says one; else conditions are judged by what is known statically. */
  function collect(
    drafts: Map<string, Draft>,
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    parent: GraphQLCompositeType,
    actual: unknown,
  ): void {
    for (const node of set.selections) {
      if (isLeftOut(node)) continue;
      if (node.kind === Kind.FIELD) {
        add(drafts, node, type, parent);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node;
      const condition = fragment.typeCondition
        ? (apiSchema.getType(fragment.typeCondition.name.value) as GraphQLCompositeType)
        : undefined;
      const object = actual === undefined ? parent : actual;
      if (condition && !isSubtype(condition, object)) continue;
      collect(drafts, fragment.selectionSet, condition ?? type, condition ?? parent, actual);
    }
  }

  function add(
    drafts: Map<string, Draft>,
    node: FieldNode,
    type: GraphQLCompositeType,
    parent: GraphQLCompositeType,
  ): void {
    const key = node.alias?.value ?? node.name.value;
    const fieldType = typeOf(type, node.name.value);
    let draft = drafts.get(key);
    if (!draft) {
      draft = { node, type: fieldType, parent, reads: [], nodes: [] };
      drafts.set(key, draft);
    }
    draft.nodes.push(node);
    const below = getNamedType(fieldType);
    if (node.selectionSet && isCompositeType(below))
      draft.reads.push({ set: node.selectionSet, type: below });
  }

  function fieldsOf(drafts: ReadonlyMap<string, Draft>, place: Place): FieldProjection[] {
    const fields = new Map<string, Omit<FieldProjection, 'opening'>>();
    for (const [key, draft] of drafts) {
      const held = withheld.get(key);
      if (held) {
        // Whatever else would stand under this key, what is withheld decides.
        fields.set(held.responseKey, {
          key: held.responseKey,
          slot: TYPENAME,
          type: typeRef(held.type),
          parent: draft.parent.name,
          isDoubtful: false,
          held,
        });
      } else if (!fields.get(clientName(key))?.held) {
        fields.set(clientName(key), fieldOf(key, draft, place));
      }
    }
    return [...fields.values()].map((field, index) => ({
      ...field,
      opening: detached(`${index === 0 ? '' : ','}${wireJson(field.key)}:`),
    }));
  }

  function fieldOf(
    key: string,
    { node, type, parent, reads, nodes }: Draft,
    place: Place,
  ): Omit<FieldProjection, 'opening'> {
    const name = node.name.value;
    const field = {
      key: clientName(key),
      slot: place.slots.get(key) ?? -1,
      type: typeRef(type),
      parent: parent.name,
      isDoubtful: false,
    };
    if (name === TypeNameMetaFieldDef.name)
      return { ...field, typename: typenameField(key, parent, apiSchema) };
    if (name === SchemaMetaFieldDef.name || name === TypeMetaFieldDef.name)
      return { ...field, introspection: nodes };
    const named = getNamedType(type);
    if (isLeafType(named)) {
      const leaf = leafOf(named, apiSchema);
      const taken = place.leaves.get(field.slot) ?? [];
      return { ...field, leaf, isDoubtful: [...taken].some((other) => other !== leaf) };
    }
    return { ...field, below: projection(place.below(key), named as GraphQLCompositeType, reads) };
  }

  function typeOf(type: GraphQLCompositeType, name: string): GraphQLOutputType {
    if (name === TypeNameMetaFieldDef.name || isUnionType(type)) return TypeNameMetaFieldDef.type;
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef.type;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef.type;
    return type.getFields()[name]!.type;
  }

  function isSubtype(condition: GraphQLCompositeType, type: unknown): boolean {
    if (type === condition) return true;
    return (
      isAbstractType(condition) &&
      isCompositeType(type) &&
      !isUnionType(type) &&
      apiSchema.isSubType(condition, type)
    );
  }
}

function typeRef(type: GraphQLOutputType): TypeRef {
  const isNonNull = isNonNullType(type);
  const nullable = isNonNull ? type.ofType : type;
  return {
    isNonNull,
    item: isListType(nullable) ? typeRef(nullable.ofType) : undefined,
    name: String(nullable),
  };
}
