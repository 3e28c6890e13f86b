/** Plans operations with Apollo's planner, as its router would. */
import { operationFromDocument, type Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { GraphQLError, parse } from 'graphql';
import { refusalsOf } from '../validity.ts';
import { type OperationPlan, readPlan } from './plan.ts';

/** Undefined for what is not valid against the supergraph. */
export function createPlanner(supergraph: Supergraph): (operation: string) => OperationPlan | undefined {
  const planner = new QueryPlanner(supergraph);
  const apiSchema = supergraph.apiSchema();
  const schema = apiSchema.toGraphQLJSSchema();
  return (text) => {
    const document = parse(text);
    if (refusalsOf(schema, document).length > 0) return undefined;
    try {
      return readPlan(planner.buildQueryPlan(operationFromDocument(apiSchema, document)));
    } catch (error) {
      // The planner takes less than validation does, and says so; a router would refuse it alike.
      if (error instanceof GraphQLError) return undefined;
      throw error;
    }
  };
}
