/** A query plan as data that can be kept, compared and drawn. */

export interface OperationPlan {
  /** Requests to subgraphs, if every condition holds. */
  fetches: number;
  /** The longest chain of fetches that wait for each other. */
  depth: number;
  /** Subgraphs that take part, sorted. */
  services: string[];
  root: PlanStep | undefined;
}

export type PlanStep =
  | { kind: 'fetch'; service: string; query: string; entities: boolean }
  | { kind: 'sequence' | 'parallel'; steps: PlanStep[] }
  /** `path` is where in the answer: `products.nodes.@.author`. */
  | { kind: 'flatten'; path: string; step: PlanStep }
  | { kind: 'condition'; condition: string; then?: PlanStep; otherwise?: PlanStep }
  | { kind: 'subscription'; primary: PlanStep; rest?: PlanStep };
