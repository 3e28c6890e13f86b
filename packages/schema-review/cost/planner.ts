/** Plans operations with Apollo's planner, as its router would. */
import { operationFromDocument } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { GraphQLError, parse } from 'graphql';
import type { Built } from '../composition/compose.ts';
import { refusalsOf } from '../validity.ts';
import { type OperationPlan, readPlan } from './plan.ts';

/** Undefined for what is not valid against the supergraph. */
export function createPlanner({
  supergraph,
  apiSchema,
}: Built): (operation: string) => OperationPlan | undefined {
  const planner = new QueryPlanner(supergraph);
  return (text) => {
    const document = parse(text);
    if (refusalsOf(apiSchema, document).length > 0) return undefined;
    try {
      return readPlan(planner.buildQueryPlan(operationFromDocument(supergraph.apiSchema(), document)));
    } catch (error) {
      // The planner takes less than validation does, and says so; a router would refuse it alike.
      if (error instanceof GraphQLError) return undefined;
      throw error;
    }
  };
}
