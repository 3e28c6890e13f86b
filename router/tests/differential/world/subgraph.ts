/** One subgraph of the world: real GraphQL over its SDL. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { referenced, resolveIn, typeIn, type World } from './resolve.ts';

export interface WorldSubgraph {
  name: string;
  schema: GraphQLSchema;
  /** Executors ask the same in many cases: each text is read once. */
  read(query: string): Read;
}

interface Read {
  document: DocumentNode;
  /** Against the subgraph's schema. */
  errors: readonly GraphQLError[];
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
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }]);
  return { name, schema, read: reader(schema) };
}

function reader(schema: GraphQLSchema): WorldSubgraph['read'] {
  const texts = new LRUCache<string, Read>({ max: 1_000 });
  return (query) => {
    const known = texts.get(query);
    if (known) return known;
    const document = parse(query);
    const read = { document, errors: validate(schema, document) };
    texts.set(query, read);
    return read;
  };
}

export interface SubgraphQuestion {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

export async function answerOf(
  { schema, read }: WorldSubgraph,
  question: SubgraphQuestion,
  world: World,
): Promise<ExecutionResult> {
  const { query, variables, operationName } = question;
  const { document, errors } = read(query);
  if (errors.length > 0) return { errors };
  return execute({
    schema,
    document,
    variableValues: variables ?? {},
    operationName: operationName ?? null,
    contextValue: { world },
    fieldResolver: resolveIn(world),
    typeResolver: typeIn,
  });
}
