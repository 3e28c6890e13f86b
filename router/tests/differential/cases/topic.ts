/** Cases that belong together, as a table: a name, the operation, and what else there is to it. */
import type { Case } from '../run.ts';
import type { SupergraphName } from '../supergraphs.ts';

export type Row = readonly [name: string, query: string, more?: Omit<Case, 'supergraph' | 'query'>];

export interface NamedCase extends Case {
  name: string;
}

export function topic(supergraph: SupergraphName, rows: readonly Row[]): NamedCase[] {
  return rows.map(([name, query, more]) => ({ name, supergraph, query, ...more }));
}
