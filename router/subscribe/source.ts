/**
 * What a subgraph is asked for its events: the text of the plan, with a cursor in each event and a place for the cursor
 * to go on from, whatever the client asked for itself. Which fields can be resumed that way is a convention:
 * docs/adr/0021-catching-up.md.
 */
import { randomBytes } from 'node:crypto';
import {
  type DocumentNode,
  type FieldNode,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInt,
  type GraphQLNullableType,
  type GraphQLSchema,
  getNullableType,
  isLeafType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  parseType,
  print,
  type SelectionNode,
  stripIgnoredCharacters,
  type TypeNode,
  visit,
} from 'graphql';
import type { RootFetch } from '../plan/plan.ts';

export const AFTER = 'after';
const CURSOR = 'cursor';

export interface Source {
  subgraph: string;
  query: string;
  operationName?: string;
  /** Variables of the client that it uses. */
  variables: readonly string[];
  /** Absent where a break cannot be told from silence: such a subscription ends with its connection. */
  resume?: {
    /** Variable that takes the cursor to go on from. */
    variable: string;
    /** Response keys of the field, and of the cursor in it. */
    field: string;
    cursor: string;
  };
}

/** The type that `after` takes, where the field can be resumed. */
export function resumableBy(schema: GraphQLSchema, name: string): GraphQLNullableType | undefined {
  const field = schema.getSubscriptionType()?.getFields()[name];
  const after = field?.args.find((argument) => argument.name === AFTER);
  if (!field || !after || isNonNullType(after.type)) return undefined;
  const payload = getNullableType(field.type);
  const cursor = isObjectType(payload) ? payload.getFields()[CURSOR] : undefined;
  if (!cursor || !isText(after.type) || !isText(getNullableType(cursor.type))) return undefined;
  return after.type;
}

function isText(type: unknown): boolean {
  const numbers: unknown[] = [GraphQLInt, GraphQLFloat, GraphQLBoolean];
  return isLeafType(type) && !numbers.includes(type);
}

export function sourceOf(fetch: RootFetch, schema: GraphQLSchema): Source {
  const { subgraph, operation: text, operationName } = fetch;
  const named = operationName === undefined ? {} : { operationName };
  const plain: Source = { subgraph, query: text, ...named, variables: fetch.variables };
  const document = parse(text, { noLocation: true });
  const root = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!;
  const field = onlyField(root);
  const type = field && resumableBy(schema, field.name.value);
  if (!field?.selectionSet || !type) return plain;
  const [variable, cursor] = [freeName(AFTER, text), freeName(CURSOR, text)];
  const resumed = withCursors(document, field, { variable, cursor, type: parseType(String(type)) });
  const used = variablesIn(resumed);
  const withUsed = visit(resumed, {
    VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null),
  });
  return {
    ...plain,
    query: stripIgnoredCharacters(print(withUsed)),
    variables: fetch.variables.filter((name) => used.has(name)),
    resume: { variable, field: (field.alias ?? field.name).value, cursor },
  };
}

/** Planners write the one field of a subscription without fragments around it. */
function onlyField({ selectionSet: { selections } }: OperationDefinitionNode): FieldNode | undefined {
  const [first] = selections;
  return selections.length === 1 && first?.kind === Kind.FIELD ? first : undefined;
}

function withCursors(
  document: DocumentNode,
  field: FieldNode,
  { variable, cursor, type }: { variable: string; cursor: string; type: TypeNode },
): DocumentNode {
  const value = { kind: Kind.VARIABLE, name: nameNode(variable) } as const;
  const asked: FieldNode = {
    ...field,
    arguments: [
      ...(field.arguments ?? []).filter(({ name }) => name.value !== AFTER),
      { kind: Kind.ARGUMENT, name: nameNode(AFTER), value },
    ],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      // First of all, so that it is found at once.
      selections: [
        { kind: Kind.FIELD, alias: nameNode(cursor), name: nameNode(CURSOR) },
        ...field.selectionSet!.selections,
      ] satisfies SelectionNode[],
    },
  };
  return visit(document, {
    OperationDefinition: (node) => ({
      ...node,
      variableDefinitions: [
        ...(node.variableDefinitions ?? []),
        { kind: Kind.VARIABLE_DEFINITION, variable: value, type },
      ],
      selectionSet: { ...node.selectionSet, selections: [asked] },
    }),
  });
}

/** Variables that are used, not only defined. */
export function variablesIn(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void names.add(name.value),
  });
  return names;
}

/** Nobody can have put it into data, by chance or by will. */
const MARK = randomBytes(6).toString('hex');

function freeName(base: string, text: string): string {
  let name = `${base}_${MARK}`;
  while (text.includes(name)) name += '_';
  return name;
}

function nameNode(value: string) {
  return { kind: Kind.NAME, value } as const;
}

/** Reads the cursor out of an event's bytes. */
export function cursorReader({ resume }: Source): (event: Buffer) => string | undefined {
  if (!resume) return () => undefined;
  const opening = Buffer.from(`"${resume.cursor}":"`);
  return (event) => {
    const at = event.indexOf(opening);
    if (at < 0) return parsedCursor(event, resume);
    const start = at + opening.length;
    const text = event.toString('utf8', start, event.indexOf(QUOTE, start));
    return text.includes('\\') ? parsedCursor(event, resume) : text;
  };
}

const QUOTE = 34;

/** For a subgraph that writes its JSON with blanks, and for events that have no cursor. */
function parsedCursor(event: Buffer, resume: NonNullable<Source['resume']>): string | undefined {
  try {
    const { data } = JSON.parse(event.toString('utf8'));
    const cursor: unknown = data?.[resume.field]?.[resume.cursor];
    return typeof cursor === 'string' ? cursor : undefined;
  } catch {
    // No JSON: whoever runs the event tells so.
    return undefined;
  }
}
