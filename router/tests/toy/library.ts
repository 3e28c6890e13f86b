/** The library's subgraphs as handlers that remember what they were asked, and its supergraph. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type Handler, type HttpRequest, type HttpResponse, jsonResponse } from '@souk/kit/http/handler';
import { type GraphQLSchema, graphql, parse } from 'graphql';
import { composeOnce } from './compose.ts';
import { resolvers } from './resolvers.ts';
import { schemas } from './schemas.ts';

export type SubgraphName = 'people' | 'books' | 'ratings' | 'vault';
export const SUBGRAPHS: readonly SubgraphName[] = ['people', 'books', 'ratings', 'vault'];

export interface ToySubgraph {
  handler: Handler;
  /** Everything it was asked. */
  requests: { query: string; variables: Record<string, unknown>; headers: HttpRequest['headers'] }[];
  /** Answers in place of the schema while it is set. */
  respond?: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse;
}

export type Library = Record<SubgraphName, ToySubgraph>;

export function createLibrary(): Library {
  return Object.fromEntries(SUBGRAPHS.map((name) => [name, createSubgraph(name)])) as unknown as Library;
}

export function handlersOf(library: Library): Record<string, Handler> {
  return Object.fromEntries(SUBGRAPHS.map((name) => [name, library[name].handler]));
}

/** All texts that any subgraph was asked. */
export function askedOf(library: Library): string {
  return SUBGRAPHS.flatMap((name) => library[name].requests.map(({ query }) => query)).join('\n');
}

const builtSchemas = new Map<SubgraphName, GraphQLSchema>();

function schemaOf(name: SubgraphName): GraphQLSchema {
  const known = builtSchemas.get(name);
  if (known) return known;
  const built = buildSubgraphSchema([{ typeDefs: parse(schemas[name]), resolvers: resolvers[name]! }]);
  builtSchemas.set(name, built);
  return built;
}

function createSubgraph(name: SubgraphName): ToySubgraph {
  const schema = schemaOf(name);
  const toy: ToySubgraph = {
    requests: [],
    handler: async (request) => {
      const { query, variables, operationName } = JSON.parse(request.body.toString());
      toy.requests.push({ query, variables, headers: request.headers });
      if (toy.respond) return toy.respond(request);
      return jsonResponse(
        200,
        await graphql({ schema, source: query, variableValues: variables, operationName }),
      );
    },
  };
  return toy;
}

export interface SupergraphChange {
  urls?: Partial<Record<SubgraphName, string>>;
  /** SDL in place of a subgraph's own. */
  sdl?: Partial<Record<SubgraphName, string>>;
}

export function composeLibrary({ urls = {}, sdl = {} }: SupergraphChange = {}): string {
  return composeOnce({ ...schemas, ...sdl }, urls);
}
