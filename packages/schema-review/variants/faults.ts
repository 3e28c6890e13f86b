/** What keeps a variant from being a schema: something shown needs something hidden. */
import {
  type ConstValueNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';

export interface Fault {
  coordinate: string;
  message: string;
  remedy: string;
}

type Types = ReadonlyMap<string, TypeDefinitionNode>;

export function findFaults(
  before: readonly TypeDefinitionNode[],
  after: readonly TypeDefinitionNode[],
): Fault[] {
  const all = byName(before);
  const left = byName(after);
  return [...emptyRoot(left), ...after.flatMap((type) => faultsOf(type, all, left))];
}

const byName = (types: readonly TypeDefinitionNode[]): Types =>
  new Map(types.map((type) => [type.name.value, type]));

const emptyRoot = (left: Types): Fault[] =>
  left.has('Query')
    ? []
    : [
        {
          coordinate: 'Query',
          message: 'Nothing of Query is left, so that there is no schema.',
          remedy: 'Include a tag that root fields have, or exclude less.',
        },
      ];

function faultsOf(type: TypeDefinitionNode, all: Types, left: Types): Fault[] {
  const { value: name } = type.name;
  const original = all.get(name)!;
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return [
        ...(type.fields ?? []).flatMap((field) => faultsOfField(name, field, original, left, all)),
        ...brokenPromises(type, left),
      ];
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const inputs = original.kind === type.kind ? (original.fields ?? []) : [];
      return faultsOfInputs(inputs, type.fields ?? [], (field) => `${name}.${field}`, left, all);
    }
    case Kind.UNION_TYPE_DEFINITION:
      if (type.types?.length) return [];
      return [
        {
          coordinate: name,
          message: `Union ${name} is shown, but none of its members.`,
          remedy: 'Hide the union too, or show a member.',
        },
      ];
    default:
      return [];
  }
}

function faultsOfField(
  type: string,
  field: FieldDefinitionNode,
  original: TypeDefinitionNode,
  left: Types,
  all: Types,
): Fault[] {
  const coordinate = `${type}.${field.name.value}`;
  const before =
    'fields' in original ? original.fields?.find(({ name }) => name.value === field.name.value) : undefined;
  const args = before?.kind === Kind.FIELD_DEFINITION ? (before.arguments ?? []) : [];
  return [
    ...hiddenType(coordinate, field.type, left, all),
    ...faultsOfInputs(args, field.arguments ?? [], (name) => `${coordinate}(${name}:)`, left, all),
  ];
}

/** Arguments of a field, or fields of an input. */
function faultsOfInputs(
  before: readonly InputValueDefinitionNode[],
  after: readonly InputValueDefinitionNode[],
  coordinateOf: (name: string) => string,
  left: Types,
  all: Types,
): Fault[] {
  const shown = new Set(after.map(({ name }) => name.value));
  const required = before.filter(
    ({ name, type, defaultValue }) =>
      !shown.has(name.value) && type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
  );
  return [
    ...required.map(({ name }) => ({
      coordinate: coordinateOf(name.value),
      message: `${coordinateOf(name.value)} is hidden, but must be given.`,
      remedy: 'Show it, make it optional, or hide what asks for it.',
    })),
    ...after.flatMap((one) => [
      ...hiddenType(coordinateOf(one.name.value), one.type, left, all),
      ...hiddenDefault(coordinateOf(one.name.value), one, left),
    ]),
  ];
}

function hiddenType(coordinate: string, type: TypeNode, left: Types, all: Types): Fault[] {
  const name = namedType(type);
  if (left.has(name) || !all.has(name)) return [];
  return [
    {
      coordinate,
      message: `${coordinate} is shown, but its type ${name} is hidden.`,
      remedy: `Hide ${coordinate} with the same tag, or show ${name}.`,
    },
  ];
}

function hiddenDefault(
  coordinate: string,
  { type, defaultValue }: InputValueDefinitionNode,
  left: Types,
): Fault[] {
  const named = left.get(namedType(type));
  if (named?.kind !== Kind.ENUM_TYPE_DEFINITION || !defaultValue) return [];
  const hidden = enumValues(defaultValue).find(
    (value) => !named.values?.some(({ name }) => name.value === value),
  );
  if (hidden === undefined) return [];
  return [
    {
      coordinate,
      message: `${coordinate} defaults to ${hidden}, which is hidden.`,
      remedy: `Show ${named.name.value}.${hidden}, or choose another default.`,
    },
  ];
}

function enumValues(value: ConstValueNode): string[] {
  if (value.kind === Kind.ENUM) return [value.value];
  return value.kind === Kind.LIST ? value.values.flatMap(enumValues) : [];
}

/** An interface that is shown promises fields that its types must show. */
function brokenPromises(
  {
    name,
    interfaces,
    fields,
  }: TypeDefinitionNode & {
    interfaces?: readonly { name: { value: string } }[];
    fields?: readonly FieldDefinitionNode[];
  },
  left: Types,
): Fault[] {
  return (interfaces ?? []).flatMap((one) => {
    const promised = left.get(one.name.value);
    if (promised?.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
    return (promised.fields ?? [])
      .filter((field) => !fields?.some((own) => own.name.value === field.name.value))
      .map((field) => ({
        coordinate: `${name.value}.${field.name.value}`,
        message: `${name.value}.${field.name.value} is hidden, but ${one.name.value} shows it.`,
        remedy: `Hide it in ${one.name.value} too, or show it here.`,
      }));
  });
}

const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
