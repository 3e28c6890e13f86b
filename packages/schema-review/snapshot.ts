/** One side of a review: a repository, what it composes into, and where everything stands in its files. */
import { buildSchema, type DocumentNode, type GraphQLSchema, parse, print } from 'graphql';
import type { Composition } from './composition/compose.ts';
import type { OperationPlan } from './cost/plan.ts';
import { type Locations, locationsOf } from './locations.ts';
import { type RunOptions, runPrepare } from './prepare/run.ts';
import { operationKey, type Repository } from './repository.ts';
import { readSupergraph, type SupergraphView } from './supergraph.ts';

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

export interface Composed extends ReadComposition {
  /** By `<client>/<operation>`; not there for what is not valid. */
  plans: ReadonlyMap<string, OperationPlan>;
}

interface ReadComposition {
  supergraphSdl: string;
  supergraph: DocumentNode;
  /** Who owns what, and what its directives say. */
  view: SupergraphView;
  /** What clients see. */
  apiSchema: GraphQLSchema;
}

/** Sides that are alike share a composition, and then one schema. */
const read = new WeakMap<Composition, ReadComposition>();

export async function takeSnapshot(
  name: string,
  repository: Repository,
  options: RunOptions,
): Promise<Snapshot> {
  const texts = new Map(
    repository.operations.map((operation) => [operationKey(operation), print(operation.document)]),
  );
  const { composition, plans } = await runPrepare(
    repository.subgraphs,
    [...new Set(texts.values())],
    options,
  );
  const documents = new Map(repository.subgraphs.map((subgraph) => [subgraph.name, subgraph.document]));
  const snapshot = { name, repository, composition, documents, locations: locationsOf(documents) };
  const known = read.get(composition) ?? readComposition(composition);
  if (!known) return snapshot;
  read.set(composition, known);
  const planned = [...texts].flatMap(([key, text]) => {
    const plan = plans[text];
    return plan ? [[key, plan] as const] : [];
  });
  return { ...snapshot, composed: { ...known, plans: new Map(planned) } };
}

function readComposition({ supergraphSdl, apiSdl }: Composition): ReadComposition | undefined {
  if (supergraphSdl === undefined || apiSdl === undefined) return undefined;
  const supergraph = parse(supergraphSdl, { noLocation: true });
  return {
    supergraphSdl,
    supergraph,
    view: readSupergraph(supergraph),
    apiSchema: buildSchema(apiSdl, { assumeValid: true, noLocation: true }),
  };
}
