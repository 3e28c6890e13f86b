/** Reads what is to be reviewed: supergraph.yaml, the SDL that it names, the registered operations and their budgets. */
import type { DocumentNode } from 'graphql';

export interface Repository {
  subgraphs: SubgraphFile[];
  operations: Operation[];
  /** By `<client>/<operation>`. */
  budgets: ReadonlyMap<string, Budget>;
  usage?: Usage;
}

export interface SubgraphFile {
  name: string;
  url: string;
  file: string;
  sdl: string;
  document: DocumentNode;
}

export interface Operation {
  client: string;
  name: string;
  file: string;
  /** The whole file. */
  source: string;
  /** The operation with the fragments that it needs, wherever its client keeps them. */
  document: DocumentNode;
}

/** What an operation may need at most; what is not said is not held. */
export interface Budget {
  file: string;
  line: number;
  subgraphFetches?: number;
  /** Fetches that wait for each other. */
  depth?: number;
  cost?: number;
  /** To estimate the cost with. */
  variables: Record<string, unknown>;
}

/** Requests by `<client>/<operation>`. */
export type Usage = ReadonlyMap<string, number>;
