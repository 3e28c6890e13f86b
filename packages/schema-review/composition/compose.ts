/** Composes subgraphs with Apollo's composition, and keeps what it says as plain data. */
import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { type GraphQLSchema, parse, printSchema, Source } from 'graphql';
import { type Complaint, complaintOfError, complaintOfHint, oneLine } from './complaints.ts';

export interface Composition {
  /** Not there if it does not compose. */
  supergraphSdl?: string;
  /** What clients see. */
  apiSdl?: string;
  errors: Complaint[];
  hints: Complaint[];
}

/** All that composing depends on. */
export interface SubgraphInput {
  name: string;
  url: string;
  file: string;
  sdl: string;
}

export interface Built {
  supergraph: Supergraph;
  /** What clients see. */
  apiSchema: GraphQLSchema;
}

export interface Composed {
  composition: Composition;
  /** Not there if it does not compose. */
  built?: Built;
}

/**
 * Of what was composed, and so is valid: the composer has validated it and each subgraph in it. It is read, not run, so
 * that features for security need no support.
 */
export function buildSupergraph(sdl: string): Built {
  const supergraph = Supergraph.build(sdl, { supportedFeatures: null, validateSupergraph: false });
  return { supergraph, apiSchema: supergraph.apiSchema().toGraphQLJSSchema() };
}

export function composeSubgraphs(subgraphs: readonly SubgraphInput[]): Composed {
  const services = subgraphs.map(({ name, url, file, sdl }) => ({
    name,
    url,
    typeDefs: parse(new Source(sdl, file)),
  }));
  try {
    const { errors, supergraphSdl, hints } = composeServices(services);
    if (errors) return { composition: { errors: errors.map(complaintOfError), hints: [] } };
    const built = buildSupergraph(supergraphSdl);
    const apiSdl = printSchema(built.apiSchema);
    const composition = { supergraphSdl, apiSdl, errors: [], hints: hints.flatMap(complaintOfHint) };
    return { composition, built };
  } catch (error) {
    // The composer throws what it did not expect of the input, a bad value of its own directives for one.
    const message = oneLine((error as Error).message);
    const complaint = { code: 'UNEXPECTED', message, warns: true, places: [] };
    return { composition: { errors: [complaint], hints: [] } };
  }
}
