/**
 * Keeps what clients call a field apart from fields that really have the name. In `{ part { id: name tax } }` another
 * subgraph is asked for the tax by the part's `id`, which both planners then take from the client's alias, or put in its place.
 * Such an alias gets a name of its own on the way to subgraphs and back; so does what shares its name with something else
 * (meanings.ts).
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql';
import { type Answer, type AnswerError, RenderedData } from '../executor.ts';
import { isOfIntrospection, responseName, withOneMeaningEach } from './meanings.ts';

const OF_CLIENT = '_of_client';
const ENDS_AS_OURS = /_of_client\d*$/;

/** An operation, and the document that it stands in. */
export interface InDocument {
  document: DocumentNode;
  definition: OperationDefinitionNode;
}

export function fieldNamesOf(schema: GraphQLSchema): ReadonlySet<string> {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) || isInterfaceType(type),
  );
  return new Set(types.flatMap((type) => Object.keys(type.getFields())));
}

/** The same document where there is nothing to keep apart. */
export function keptApart({ document, definition }: InDocument, fieldNames: ReadonlySet<string>): InDocument {
  const nameOf = (field: FieldNode, nth: number) => nameOnItsWay(field, nth, fieldNames);
  const apart = withOneMeaningEach(document, definition, nameOf);
  if (apart) return apart;
  const renamed = visit(document, {
    Field: (node) => {
      if (isOfIntrospection(node)) return false;
      const name = nameOf(node, 1);
      return name === responseName(node) ? undefined : { ...node, alias: { kind: Kind.NAME, value: name } };
    },
    FragmentDefinition: ({ typeCondition }) =>
      typeCondition.name.value.startsWith('__') ? false : undefined,
  });
  const at = document.definitions.indexOf(definition);
  return { document: renamed, definition: renamed.definitions[at] as OperationDefinitionNode };
}

function nameOnItsWay(field: FieldNode, nth: number, fieldNames: ReadonlySet<string>): string {
  const name = responseName(field);
  if (nth > 1) return `${name}${OF_CLIENT}${nth}`;
  return isMistakable(field, fieldNames) ? name + OF_CLIENT : name;
}

/** A name that ends so by itself is no exception: none may be taken for one of ours on its way back. */
function isMistakable(field: FieldNode, fieldNames: ReadonlySet<string>): boolean {
  const { alias, name } = field;
  if (ENDS_AS_OURS.test(responseName(field))) return true;
  // The name of a type is told out of the object's own.
  if (name.value === TypeNameMetaFieldDef.name) return false;
  if (alias === undefined || alias.value === name.value) return false;
  return fieldNames.has(alias.value) || alias.value === TypeNameMetaFieldDef.name;
}

/** What the client calls it. */
export function clientName(key: string): string {
  return key.replace(ENDS_AS_OURS, '');
}

export function withClientNames(error: AnswerError): AnswerError {
  if (!error.path) return error;
  return { ...error, path: error.path.map((key) => (typeof key === 'string' ? clientName(key) : key)) };
}

/** Answers of an executor that takes the names on their way for the client's. */
export function answerWithClientNames(answer: Answer): Answer {
  const errors = answer.errors.map(withClientNames);
  const { data } = answer;
  if (!data || data instanceof RenderedData) return { ...answer, errors };
  return { ...answer, data: valueWithClientNames(data) as Record<string, unknown>, errors };
}

function valueWithClientNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(valueWithClientNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [clientName(key), valueWithClientNames(inner)]),
  );
}
