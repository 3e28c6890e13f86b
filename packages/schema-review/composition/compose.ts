/** Composes subgraphs with Apollo's composition, and keeps what it says as plain data. */
import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { parse, printSchema, Source } from 'graphql';
import { type Complaint, complaintOfError, complaintOfHint } from './complaints.ts';

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

export function composeSubgraphs(subgraphs: readonly SubgraphInput[]): Composition {
  const services = subgraphs.map(({ name, url, file, sdl }) => ({
    name,
    url,
    typeDefs: parse(new Source(sdl, file)),
  }));
  try {
    const { errors, supergraphSdl, hints } = composeServices(services);
    if (errors) return { errors: errors.map(complaintOfError), hints: [] };
    // Like the composer itself: it is read here, not run, so that features for security need no support.
    const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: null });
    const apiSdl = printSchema(supergraph.apiSchema().toGraphQLJSSchema());
    return { supergraphSdl, apiSdl, errors: [], hints: hints.flatMap(complaintOfHint) };
  } catch (error) {
    // The composer throws what it did not expect of the input, a bad value of its own directives for one.
    const { message } = error as Error;
    return { errors: [{ code: 'UNEXPECTED', message, warns: true, places: [] }], hints: [] };
  }
}
