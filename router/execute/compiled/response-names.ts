/**
 * Keeps what clients call a field apart from fields that really have the name. In `{ part { id: name tax } }` another
 * subgraph is asked for the tax by the part's `id`, which both planners then take from the client's alias, or put in its place.
 * Such an alias gets a name of its own on the way to subgraphs and back.
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
} from 'graphql';
import type { AnswerError } from '../executor.ts';

const OF_CLIENT = '_of_client';

export function fieldNamesOf(schema: GraphQLSchema): ReadonlySet<string> {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) || isInterfaceType(type),
  );
  return new Set(types.flatMap((type) => Object.keys(type.getFields())));
}

/** The same document where there is nothing to keep apart. */
export function keptApart(document: DocumentNode, fieldNames: ReadonlySet<string>): DocumentNode {
  return visit(document, {
    Field: (node) => {
      // Introspection is answered by the router itself; the name of a type, out of the object's own.
      if (node.name.value.startsWith('__')) return false;
      return isMistakable(node, fieldNames) ? renamed(node) : undefined;
    },
    FragmentDefinition: ({ typeCondition }) =>
      typeCondition.name.value.startsWith('__') ? false : undefined,
  });
}

/** A name that ends so by itself is no exception: none may be taken for one of ours on its way back. */
function isMistakable({ alias, name }: FieldNode, fieldNames: ReadonlySet<string>): boolean {
  if ((alias ?? name).value.endsWith(OF_CLIENT)) return true;
  return alias !== undefined && alias.value !== name.value && fieldNames.has(alias.value);
}

function renamed(node: FieldNode): FieldNode {
  const { value } = node.alias ?? node.name;
  return { ...node, alias: { kind: Kind.NAME, value: value + OF_CLIENT } };
}

/** What the client calls it. */
export function clientName(key: string): string {
  return key.endsWith(OF_CLIENT) ? key.slice(0, -OF_CLIENT.length) : key;
}

export function withClientNames(error: AnswerError): AnswerError {
  if (!error.path) return error;
  return { ...error, path: error.path.map((key) => (typeof key === 'string' ? clientName(key) : key)) };
}
