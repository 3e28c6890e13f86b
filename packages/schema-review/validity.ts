/** Whether a schema takes an operation: what graphql-js validates, and that there is such a root type at all. */
import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, validate } from 'graphql';

export function refusalsOf(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION || schema.getRootType(node.operation)) continue;
    return [new GraphQLError(`There is no ${node.operation}.`, { nodes: node })];
  }
  return validate(schema, document);
}
