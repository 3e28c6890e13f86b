/** The planner of @apollo/query-planner, in JavaScript. */
import type { Supergraph } from '../supergraph/load.ts';
import { fromApollo } from './from-apollo.ts';
import type { Planner } from './planner.ts';

export function apolloPlanner(supergraph: Pick<Supergraph, 'plan'>): Planner {
  return {
    name: 'apollo',
    plan: (document, operationName) => fromApollo(supergraph.plan(document, operationName)),
  };
}
