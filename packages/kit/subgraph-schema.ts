/** Builds the executable schema of a subgraph, once, and finds at boot what would otherwise fail in a request. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, type GraphQLSchema, Kind, parse } from 'graphql';
import { SCALARS } from './scalars.ts';

/** What codegen's `Resolvers` type describes: by type, then by field. */
export type ResolverMap = object;

export function buildSchema(name: string, sdl: string, resolvers: ResolverMap): GraphQLSchema {
  const typeDefs = parseSdl(name, sdl);
  try {
    return buildSubgraphSchema({
      typeDefs,
      resolvers: { ...scalarsOf(name, typeDefs), ...resolvers } as never,
    });
  } catch (error) {
    // A resolver for a field that the SDL lacks, for one: the message says which.
    throw new Error(`${name}: SDL and resolvers do not fit: ${(error as Error).message}`, { cause: error });
  }
}

function parseSdl(name: string, sdl: string): DocumentNode {
  try {
    return parse(sdl);
  } catch (error) {
    throw new Error(`${name}: the SDL cannot be parsed: ${(error as Error).message}`, { cause: error });
  }
}

/** GraphQL would let a scalar without a parser take anything. */
function scalarsOf(name: string, { definitions }: DocumentNode) {
  const used = definitions.flatMap((node) =>
    node.kind === Kind.SCALAR_TYPE_DEFINITION ? [node.name.value] : [],
  );
  return Object.fromEntries(
    used.map((scalar) => {
      const type = SCALARS.get(scalar);
      if (!type)
        throw new Error(`${name}: nobody knows how to parse the scalar ${scalar}; add it to scalars.ts`);
      return [scalar, type];
    }),
  );
}
