/** Plans operations with Apollo's planner, as its router would. */
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse, validate } from 'graphql';
import { type OperationPlan, readPlan } from './plan.ts';

/** Undefined for what is not valid against the supergraph. */
export function createPlanner(supergraphSdl: string): (operation: string) => OperationPlan | undefined {
  // Read, not run: features for security need no support here.
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: null });
  const planner = new QueryPlanner(supergraph);
  const apiSchema = supergraph.apiSchema();
  const schema = apiSchema.toGraphQLJSSchema();
  return (text) => {
    const document = parse(text);
    if (validate(schema, document).length > 0) return undefined;
    return readPlan(planner.buildQueryPlan(operationFromDocument(apiSchema, document)));
  };
}
