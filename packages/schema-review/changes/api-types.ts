import { isObjectType } from 'graphql';
import type { Impact } from '../impact/impact.ts';
import type { Table } from './schema-change.ts';
import { directionsOf, mentionsOf, type SchemaChange, throughAbstract } from './schema-change.ts';

const KINDS: Readonly<Record<string, string>> = {
  ObjectTypeDefinition: 'an object type',
  InterfaceTypeDefinition: 'an interface',
  UnionTypeDefinition: 'a union',
  EnumTypeDefinition: 'an enum',
  ScalarTypeDefinition: 'a scalar',
  InputObjectTypeDefinition: 'an input type',
};

const kindOf = (kind: string): string => KINDS[kind] ?? kind;

const rootChange = (name: string | null, now: string | null): SchemaChange | undefined =>
  name === null || now !== null
    ? undefined
    : {
        code: 'ROOT_TYPE_REMOVED',
        level: 'breaking',
        coordinate: name,
        message: `${name} is gone with all its fields: clients can send no ${name.toLowerCase()} any more`,
        touched: ({ touches }) => touches.roots(name),
      };

export const typeChanges: Table = {
  TYPE_REMOVED: ({ removedTypeName: type }, { before }) => {
    const roots = [before.getMutationType(), before.getSubscriptionType()].map((root) => root?.name);
    if (roots.includes(type)) return undefined;
    return {
      code: 'TYPE_REMOVED',
      level: 'breaking',
      coordinate: type,
      message: `${type} is gone: operations that name it, in fragments or variables, are refused`,
      // Whoever gets there by a field is told of the field.
      touched: ({ touches }) => [...touches.fragments(type), ...touches.variables(type)],
    };
  },
  TYPE_ADDED: ({ addedTypeName: type }) => ({
    code: 'TYPE_ADDED',
    level: 'safe',
    coordinate: type,
    message: `${type} is new`,
  }),
  TYPE_KIND_CHANGED: ({ typeName: type, oldTypeKind, newTypeKind }) => ({
    code: 'TYPE_KIND_CHANGED',
    level: 'breaking',
    coordinate: type,
    message: `${type} is ${kindOf(newTypeKind)} now instead of ${kindOf(oldTypeKind)}: what clients wrote for it no longer fits`,
    touched: (impact) => mentionsOf(type, impact),
  }),
  SCHEMA_QUERY_TYPE_CHANGED: ({ oldQueryTypeName, newQueryTypeName }) =>
    rootChange(oldQueryTypeName, newQueryTypeName),
  SCHEMA_MUTATION_TYPE_CHANGED: ({ oldMutationTypeName, newMutationTypeName }) =>
    rootChange(oldMutationTypeName, newMutationTypeName),
  SCHEMA_SUBSCRIPTION_TYPE_CHANGED: ({ oldSubscriptionTypeName, newSubscriptionTypeName }) =>
    rootChange(oldSubscriptionTypeName, newSubscriptionTypeName),
  UNION_MEMBER_REMOVED: ({ unionName: union, removedUnionMemberTypeName: member }) => ({
    code: 'UNION_MEMBER_REMOVED',
    level: 'breaking',
    coordinate: union,
    message: `${union} has no ${member} any more: fragments on ${member} there match nothing`,
    touched: (impact) => fragmentsInside(member, union, impact),
  }),
  UNION_MEMBER_ADDED: ({ unionName: union, addedUnionMemberTypeName: member }) => ({
    code: 'UNION_MEMBER_ADDED',
    level: 'risky',
    coordinate: union,
    message: `${union} may be ${member} now: clients that handle the members they know get one they do not`,
    touched: (impact) => throughAbstract(union, impact),
  }),
  OBJECT_TYPE_INTERFACE_REMOVED: ({ objectTypeName: type, removedInterfaceName: name }) => ({
    code: 'INTERFACE_REMOVED',
    level: 'breaking',
    coordinate: type,
    message: `${type} is no ${name} any more: fragments and fields of ${name} no longer reach it`,
    touched: (impact) => [...throughAbstract(name, impact), ...fragmentsInside(type, name, impact)],
  }),
  OBJECT_TYPE_INTERFACE_ADDED: ({ objectTypeName: type, addedInterfaceName: name }, { before }) =>
    before.getType(name)
      ? {
          code: 'INTERFACE_ADDED',
          level: isObjectType(before.getType(type)) ? 'risky' : 'safe',
          coordinate: type,
          message: `${type} is a ${name} now: clients that read ${name} may get a type they do not know`,
          touched: (impact) => throughAbstract(name, impact),
        }
      : undefined,
  ENUM_VALUE_REMOVED: ({ enumName: type, removedEnumValueName: value }, { before }) => {
    const { input } = directionsOf(type, before);
    return {
      code: 'ENUM_VALUE_REMOVED',
      level: input ? 'breaking' : 'risky',
      coordinate: `${type}.${value}`,
      message: input
        ? `${type}.${value} is gone: clients that send it are refused`
        : `${type}.${value} is gone: clients never get it any more`,
      touched: ({ touches }) =>
        input
          ? [...touches.literals(`${type}.${value}`), ...touches.variables(type)]
          : touches.returning(type),
    };
  },
  ENUM_VALUE_ADDED: ({ enumName: type, addedEnumValueName: value }, { before }) => {
    const { output } = directionsOf(type, before);
    return {
      code: 'ENUM_VALUE_ADDED',
      level: output ? 'risky' : 'safe',
      coordinate: `${type}.${value}`,
      message: output
        ? `${type}.${value} is new: clients that handle the values they know may get one they do not`
        : `${type}.${value} is new, and clients never get it`,
      ...(output && { touched: ({ touches }: Impact) => touches.returning(type) }),
    };
  },
};

/** Fragments on one type that stand where the other is selected. */
function fragmentsInside(type: string, around: string, { touches }: Impact) {
  return touches.fragments(type).filter(({ parent }) => parent === around);
}
