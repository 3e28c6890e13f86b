/** A client's subscription without the cursor that it starts from: what clients must have in common to share events. */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  print,
  stripIgnoredCharacters,
  TypeInfo,
  type ValueNode,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { AFTER, resumableBy, variablesIn } from './source.ts';

export interface PlainDocument {
  /** Without the cursor, and without the operation's name. */
  text: string;
  /** Name of the field that it subscribes to. */
  field: string;
  /** Its own cursor, by the variables that it came with. */
  afterIn(variables: Record<string, unknown>): string | undefined;
  /** A variable that holds nothing but the cursor. */
  cursorVariable: string | undefined;
}

/** One per operation, not per client. */
export function createPlainDocuments() {
  const known = new WeakMap<OperationDefinitionNode, PlainDocument>();
  return (document: DocumentNode, definition: OperationDefinitionNode, schema: GraphQLSchema) => {
    let plain = known.get(definition);
    if (!plain) {
      plain = plainDocument(document, definition, schema);
      known.set(definition, plain);
    }
    return plain;
  };
}

function plainDocument(
  document: DocumentNode,
  { name: _, ...operation }: OperationDefinitionNode,
  schema: GraphQLSchema,
): PlainDocument {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const own: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const root = schema.getSubscriptionType();
  const types = new TypeInfo(schema);
  let field = '';
  let after: ValueNode | undefined;
  const withoutCursor = visit(
    own,
    visitWithTypeInfo(types, {
      Field: (node): FieldNode | undefined => {
        if (types.getParentType() !== root) return undefined;
        field = node.name.value;
        after = node.arguments?.find((argument) => argument.name.value === AFTER)?.value;
        if (!after || !resumableBy(schema, field)) return undefined;
        return { ...node, arguments: node.arguments!.filter((argument) => argument.value !== after) };
      },
    }),
  );
  const value = resumableBy(schema, field) ? after : undefined;
  const variable = value?.kind === Kind.VARIABLE ? value.name.value : undefined;
  const isOnlyCursor = variable !== undefined && !variablesIn(withoutCursor).has(variable);
  const plain = visit(withoutCursor, {
    VariableDefinition: (node) => (isOnlyCursor && node.variable.name.value === variable ? null : undefined),
  });
  return {
    text: stripIgnoredCharacters(print(plain)),
    field,
    cursorVariable: isOnlyCursor ? variable : undefined,
    afterIn: (variables) => {
      if (!value) return undefined;
      const given = variable === undefined ? valueFromASTUntyped(value) : variables[variable];
      return given === undefined || given === null ? undefined : String(given);
    },
  };
}
