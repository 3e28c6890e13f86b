/** One subgraph of the world: real GraphQL over its SDL. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { type DocumentNode, type ExecutionResult, type GraphQLSchema, graphql, Kind, parse } from 'graphql';
import { referenced, resolveIn, typeIn, type World } from './resolve.ts';

export interface WorldSubgraph {
  name: string;
  typeDefs: DocumentNode;
  schema: GraphQLSchema;
}

export function buildSubgraph(name: string, sdl: string): WorldSubgraph {
  const typeDefs = parse(sdl);
  const resolvers: GraphQLResolverMap<{ world: World }> = {};
  for (const node of typeDefs.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    if (!node.directives?.some((directive) => directive.name.value === 'key')) continue;
    resolvers[node.name.value] = {
      __resolveReference: (reference: { __typename: string }, { world }: { world: World }) => {
        const thing = referenced(reference, world);
        if (!thing || node.kind === Kind.OBJECT_TYPE_DEFINITION) return thing;
        return { ...thing, __typename: /^\w+(?=-)/.exec(String(thing.id))?.[0] };
      },
    };
  }
  return { name, typeDefs, schema: buildSubgraphSchema([{ typeDefs, resolvers }]) };
}

export interface SubgraphQuestion {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

export async function answerOf(
  { schema }: WorldSubgraph,
  question: SubgraphQuestion,
  world: World,
): Promise<ExecutionResult> {
  const { query, variables, operationName } = question;
  return graphql({
    schema,
    source: query,
    variableValues: variables ?? {},
    operationName: operationName ?? null,
    contextValue: { world },
    fieldResolver: resolveIn(world),
    typeResolver: typeIn,
  });
}
