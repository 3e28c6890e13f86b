/** Builds the executable schema of a subgraph, once, and finds at boot what would otherwise fail in a request. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, type GraphQLSchema, isInterfaceType, isObjectType, Kind, parse } from 'graphql';
import { SCALARS } from './scalars.ts';

/** What codegen's `Resolvers` type describes: by type, then by field. */
export type ResolverMap = object;

export function buildSchema(name: string, sdl: string, resolvers: ResolverMap): GraphQLSchema {
  const typeDefs = parseSdl(name, sdl);
  const schema = build(name, typeDefs, resolvers);
  for (const fault of strayResolvers(schema, resolvers)) {
    throw new Error(`${name}: there is a resolver for ${fault}, which the SDL does not have`);
  }
  return schema;
}

function build(name: string, typeDefs: DocumentNode, resolvers: ResolverMap): GraphQLSchema {
  try {
    return buildSubgraphSchema({
      typeDefs,
      resolvers: { ...scalarsOf(name, typeDefs), ...resolvers } as never,
    });
  } catch (error) {
    // A directive that is not imported, for one: the message says which.
    throw new Error(`${name}: SDL and resolvers do not fit: ${(error as Error).message}`, { cause: error });
  }
}

/** Apollo passes over them in silence, and a misspelt one would answer null for ever. */
function strayResolvers(schema: GraphQLSchema, resolvers: ResolverMap): string[] {
  return Object.entries(resolvers).flatMap(([typeName, fields]) => {
    const type = schema.getType(typeName);
    if (!type) return [typeName];
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    const known = type.getFields();
    return Object.keys(fields)
      .filter((field) => !field.startsWith('__') && !Object.hasOwn(known, field))
      .map((field) => `${typeName}.${field}`);
  });
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
