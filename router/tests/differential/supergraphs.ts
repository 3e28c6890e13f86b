/** The supergraphs of the suites: a folder each, with the SDL of its subgraphs. Composed once. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DocumentNode, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import { loadSupergraph, type Supergraph } from '../../supergraph/load.ts';
import { composeOnce } from '../toy/compose.ts';
import { buildSubgraph, type WorldSubgraph } from './world/subgraph.ts';

export const SUPERGRAPHS = ['festival', 'chains', 'media', 'values'] as const;
export type SupergraphName = (typeof SUPERGRAPHS)[number];

export interface Composed {
  name: SupergraphName;
  sdl: string;
  supergraph: Supergraph;
  subgraphs: readonly WorldSubgraph[];
}

const FOLDER = fileURLToPath(new URL('./supergraphs', import.meta.url));
const composed = new Map<SupergraphName, Composed>();

export function supergraphNamed(name: SupergraphName): Composed {
  let known = composed.get(name);
  if (!known) {
    known = compose(name);
    composed.set(name, known);
  }
  return known;
}

function compose(name: SupergraphName): Composed {
  const folder = join(FOLDER, name);
  const sdls = readdirSync(folder)
    .sort()
    .map((file) => [basename(file, '.graphql'), readFileSync(join(folder, file), 'utf8')] as const);
  const sdl = composeOnce(Object.fromEntries(sdls));
  const subgraphs = sdls.map(([subgraph, text]) => buildSubgraph(subgraph, text));
  return { name, sdl, supergraph: planningOnce(loadSupergraph(sdl)), subgraphs };
}

/** The stock executor and ours have Apollo's planner plan the same operations. */
function planningOnce(supergraph: Supergraph): Supergraph {
  const plans = new LRUCache<string, ReturnType<Supergraph['plan']>>({ max: 1_000 });
  const plan = (document: DocumentNode, operationName: string | undefined) => {
    const key = `${operationName ?? ''} ${print(document)}`;
    const known = plans.get(key) ?? supergraph.plan(document, operationName);
    plans.set(key, known);
    return known;
  };
  return { ...supergraph, plan };
}
