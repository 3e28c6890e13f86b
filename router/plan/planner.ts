/** What finds out how an operation is split over subgraphs. */
import type { DocumentNode } from 'graphql';
import type { Plan } from './plan.ts';

export interface Planner {
  name: 'apollo' | 'native';
  /** The document is valid against the API schema, and has the operation. */
  plan(document: DocumentNode, operationName: string | undefined): Plan;
}
