/**
 * What a variant shows of an API schema. The rules are those of GraphOS contracts: an excluded tag takes away whatever has
 * it; where tags are included, a field of an object or interface must have one, itself or by its type, and so must a union.
 */
import {
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type TypeDefinitionNode,
} from 'graphql';
import type { VariantSettings } from '../settings.ts';
import { type Fault, findFaults } from './faults.ts';
import { reachable } from './reachable.ts';
import type { TagsOf } from './tags.ts';

export interface Filtered {
  /** Not to be relied on when there are faults. */
  document: DocumentNode;
  faults: Fault[];
}

export function filterByTags(api: DocumentNode, tagsOf: TagsOf, variant: VariantSettings): Filtered {
  const types = api.definitions.filter(isTypeDefinitionNode);
  const others = api.definitions.filter((node) => !isTypeDefinitionNode(node));
  const shows = visibility(tagsOf, variant);
  const left = types.flatMap((type) => {
    const cut = shows.type(type) ? withoutHidden(type, shows) : undefined;
    return cut && !isEmptied(type, cut) ? [cut] : [];
  });
  const names = new Set(left.map(({ name }) => name.value));
  const named = left.map((type) => onlyNamed(type, names));
  const faults = findFaults(types, named);
  const reached = variant.hideUnreachable ? reachable(named, rootsOf(api)) : names;
  const definitions = [...others, ...named.filter(({ name }) => reached.has(name.value))];
  return { document: { kind: Kind.DOCUMENT, definitions }, faults };
}

interface Shows {
  type(type: TypeDefinitionNode): boolean;
  field(type: TypeDefinitionNode, field: FieldDefinitionNode): boolean;
  /** Arguments, input fields and enum values: only exclusion counts. */
  part(coordinate: string): boolean;
}

function visibility(tagsOf: TagsOf, { include, exclude }: VariantSettings): Shows {
  const hasOne = (coordinate: string, tags: readonly string[]) =>
    tags.some((tag) => tagsOf(coordinate).has(tag));
  const part = (coordinate: string) => !hasOne(coordinate, exclude);
  const isIncluded = (...coordinates: string[]) =>
    include.length === 0 || coordinates.some((coordinate) => hasOne(coordinate, include));
  return {
    part,
    type: ({ kind, name: { value } }) =>
      part(value) && (kind !== Kind.UNION_TYPE_DEFINITION || isIncluded(value)),
    field: ({ name: type }, { name }) => {
      const coordinate = `${type.value}.${name.value}`;
      return part(coordinate) && isIncluded(coordinate, type.value);
    },
  };
}

function withoutHidden(type: TypeDefinitionNode, shows: Shows): TypeDefinitionNode {
  const { value: name } = type.name;
  const part = (node: InputValueDefinitionNode | EnumValueDefinitionNode) =>
    shows.part(`${name}.${node.name.value}`);
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return {
        ...type,
        fields: (type.fields ?? [])
          .filter((field) => shows.field(type, field))
          .map((field) => ({
            ...field,
            arguments: (field.arguments ?? []).filter((argument) =>
              shows.part(`${name}.${field.name.value}(${argument.name.value}:)`),
            ),
          })),
      };
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return { ...type, fields: (type.fields ?? []).filter(part) };
    case Kind.ENUM_TYPE_DEFINITION:
      return { ...type, values: (type.values ?? []).filter(part) };
    default:
      return type;
  }
}

/** With nothing left to ask for it is not there; what had nothing before stays. */
function isEmptied(before: TypeDefinitionNode, after: TypeDefinitionNode): boolean {
  const count = (type: TypeDefinitionNode) =>
    'fields' in type ? type.fields?.length : 'values' in type ? type.values?.length : undefined;
  return count(after) === 0 && count(before) !== 0;
}

function onlyNamed(type: TypeDefinitionNode, names: ReadonlySet<string>): TypeDefinitionNode {
  const isLeft = ({ name }: NamedTypeNode) => names.has(name.value);
  if (type.kind === Kind.UNION_TYPE_DEFINITION) return { ...type, types: (type.types ?? []).filter(isLeft) };
  if (type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION)
    return { ...type, interfaces: (type.interfaces ?? []).filter(isLeft) };
  return type;
}

function rootsOf(api: DocumentNode): string[] {
  const schema = api.definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION);
  return schema?.kind === Kind.SCHEMA_DEFINITION
    ? schema.operationTypes.map(({ type }) => type.name.value)
    : ['Query', 'Mutation', 'Subscription'];
}
