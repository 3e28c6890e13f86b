/** One side of a review: a repository, what it composes into, and where everything stands in its files. */
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Composition } from './composition/compose.ts';
import type { OperationPlan } from './cost/plan.ts';
import type { Locations } from './locations.ts';
import type { Operation, Repository } from './repository.ts';

export interface Snapshot {
  /** The source's name. */
  name: string;
  repository: Repository;
  composition: Composition;
  /** Parsed subgraph files by subgraph, with the file as the name of each node's source. */
  documents: ReadonlyMap<string, DocumentNode>;
  locations: Locations;
  /** Not there if it does not compose. */
  composed?: Composed;
}

export interface Composed {
  supergraphSdl: string;
  supergraph: DocumentNode;
  /** What clients see. */
  apiSchema: GraphQLSchema;
  /** Undefined if the operation does not validate. */
  plan(operation: Operation): OperationPlan | undefined;
}
