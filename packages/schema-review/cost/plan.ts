/** A query plan as data that can be kept, compared and drawn. */
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';

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
  /** `condition` is a variable's name. */
  | { kind: 'condition'; condition: string; then?: PlanStep; otherwise?: PlanStep }
  | { kind: 'subscription'; primary: PlanStep; rest?: PlanStep };

export function readPlan({ node }: QueryPlan): OperationPlan {
  let root: PlanStep | undefined;
  if (node?.kind === 'Subscription') {
    const rest = node.rest && stepOf(node.rest);
    root = { kind: 'subscription', primary: fetchOf(node.primary), ...(rest && { rest }) };
  } else if (node) {
    root = stepOf(node);
  }
  const services = root ? fetchesIn(root).map(({ service }) => service) : [];
  return {
    fetches: services.length,
    depth: root ? depthOf(root) : 0,
    services: [...new Set(services)].sort(),
    root,
  };
}

function stepOf(node: PlanNode): PlanStep | undefined {
  switch (node.kind) {
    case 'Fetch':
      return fetchOf(node);
    case 'Sequence':
      return { kind: 'sequence', steps: stepsOf(node.nodes) };
    case 'Parallel':
      return { kind: 'parallel', steps: stepsOf(node.nodes) };
    case 'Flatten': {
      const step = stepOf(node.node);
      return step && { kind: 'flatten', path: node.path.join('.'), step };
    }
    case 'Condition': {
      const then = node.ifClause && stepOf(node.ifClause);
      const otherwise = node.elseClause && stepOf(node.elseClause);
      return {
        kind: 'condition',
        condition: node.condition,
        ...(then && { then }),
        ...(otherwise && { otherwise }),
      };
    }
    case 'Defer': {
      const primary = node.primary.node && stepOf(node.primary.node);
      const later = stepsOf(node.deferred.flatMap((part) => part.node ?? []));
      return { kind: 'sequence', steps: [...(primary ? [primary] : []), { kind: 'parallel', steps: later }] };
    }
  }
}

const stepsOf = (nodes: readonly PlanNode[]): PlanStep[] => nodes.flatMap((node) => stepOf(node) ?? []);

const fetchOf = ({ serviceName, operation, requires }: FetchNode): PlanStep => ({
  kind: 'fetch',
  service: serviceName,
  query: operation,
  entities: requires !== undefined,
});

function partsOf(step: PlanStep): PlanStep[] {
  switch (step.kind) {
    case 'fetch':
      return [];
    case 'flatten':
      return [step.step];
    case 'condition':
      return [step.then, step.otherwise].filter((part) => part !== undefined);
    case 'subscription':
      return [step.primary, step.rest].filter((part) => part !== undefined);
    default:
      return step.steps;
  }
}

export function fetchesIn(step: PlanStep): { service: string; query: string }[] {
  return step.kind === 'fetch' ? [step] : partsOf(step).flatMap(fetchesIn);
}

function depthOf(step: PlanStep): number {
  if (step.kind === 'fetch') return 1;
  const depths = partsOf(step).map(depthOf);
  const waits = step.kind === 'sequence' || step.kind === 'subscription';
  return waits ? depths.reduce((sum, depth) => sum + depth, 0) : Math.max(0, ...depths);
}
