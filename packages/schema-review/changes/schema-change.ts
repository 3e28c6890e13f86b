/** One change: what it is, and whom it touches. */
import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import type { Level } from '../finding.ts';
import type { Impact } from '../impact/impact.ts';
import type { Touch } from '../impact/touches.ts';

export interface SchemaChange {
  code: string;
  level: Level;
  coordinate: string;
  /** Where to show it, if not where the coordinate stands first. */
  subgraph?: string;
  message: string;
  remedy?: string;
  /** Left out where nobody can be hurt. */
  touched?: (impact: Impact) => readonly Touch[];
}

/** By the inspector's type of change; what is not there says nothing of what clients see. */
export type Table = Readonly<
  // biome-ignore lint/suspicious/noExplicitAny: each kind of change has a meta of its own, and the inspector types them loosely.
  Record<string, (meta: any, schemas: Schemas) => SchemaChange | undefined>
>;

export interface Schemas {
  before: GraphQLSchema;
  after: GraphQLSchema;
}

/** `Type.field` as operations may name it: on the type itself, or on an interface of it. */
export function selectionsOf(type: string, field: string, { touches, before }: Impact): readonly Touch[] {
  const own = before.getType(type);
  const interfaces = isObjectType(own) || isInterfaceType(own) ? own.getInterfaces() : [];
  return [type, ...interfaces.map(({ name }) => name)].flatMap((name) => touches.fields(`${name}.${field}`));
}

/** Everything that stands for the type in operations: fields on it, fragments on it, variables of it. */
export function mentionsOf(type: string, { touches, before }: Impact): readonly Touch[] {
  const own = before.getType(type);
  const fields = isObjectType(own) || isInterfaceType(own) ? Object.keys(own.getFields()) : [];
  return [
    ...fields.flatMap((field) => touches.fields(`${type}.${field}`)),
    ...touches.fragments(type),
    ...touches.returning(type),
    ...touches.variables(type),
  ];
}

/** Places where a type may come as one of several: fields that return an interface or union of it. */
export function throughAbstract(abstract: string, { touches }: Impact): readonly Touch[] {
  return [...touches.returning(abstract), ...touches.fragments(abstract)];
}

/** Whether a value of the type may come from clients, resp. go to them. */
export const directionsOf = (type: string, schema: GraphQLSchema): { input: boolean; output: boolean } => {
  const inputs = new Set<string>();
  const outputs = new Set<string>();
  for (const one of Object.values(schema.getTypeMap())) {
    if (one.name.startsWith('__') || !('getFields' in one)) continue;
    for (const field of Object.values(one.getFields())) {
      const into = isObjectType(one) || isAbstractType(one) ? outputs : inputs;
      into.add(nameIn(field.type));
      for (const argument of 'args' in field ? field.args : []) inputs.add(nameIn(argument.type));
    }
  }
  return { input: inputs.has(type), output: outputs.has(type) };
};

const nameIn = (type: { toString(): string }): string => `${type}`.replace(/[[\]!]/g, '');
