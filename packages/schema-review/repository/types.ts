/** What a repository has for a review, read and parsed. */
import type { DocumentNode } from 'graphql';

export interface Repository {
  subgraphs: SubgraphFile[];
  operations: Operation[];
  /** By `<client>/<operation>`. */
  budgets: ReadonlyMap<string, Budget>;
  /** Clients that keep budgets: each of their operations should have one. */
  budgetFiles: ReadonlyMap<string, string>;
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
  variables: Readonly<Record<string, unknown>>;
}

/** Requests by `<client>/<operation>`. */
export type Usage = ReadonlyMap<string, number>;

export const operationKey = ({ client, name }: { client: string; name: string }): string =>
  `${client}/${name}`;
