/** What operations need, before and after: one line each. */
import type { Figures, OperationCost, Review } from '../review.ts';

/** Refused: the operation is there, but does not fit the schema. */
export type Trend = 'worse' | 'better' | 'same' | 'new' | 'gone' | 'refused';

const figuresOf = ({ plan, cost }: Figures) => [plan.fetches, plan.depth, cost];

export function trendOf({ client, name, before, after }: OperationCost, { head }: Review): Trend {
  if (!before) return after ? 'new' : 'refused';
  if (!after) {
    const isThere = head.repository.operations.some((one) => one.client === client && one.name === name);
    return isThere ? 'refused' : 'gone';
  }
  const now = figuresOf(after);
  const changes = figuresOf(before).map((figure, index) => now[index]! - figure);
  if (changes.some((change) => change > 0)) return 'worse';
  return changes.some((change) => change < 0) ? 'better' : 'same';
}

/** `3 → 4`, or `3` where nothing moved. */
export function moved(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined || before === after) return String(after ?? before ?? '');
  return `${before} → ${after}`;
}

export interface CostRow {
  name: string;
  trend: Trend;
  fetches: string;
  depth: string;
  cost: string;
  services: string;
}

export function costRow(operation: OperationCost, review: Review): CostRow {
  const { before, after } = operation;
  return {
    name: `${operation.client}/${operation.name}`,
    trend: trendOf(operation, review),
    fetches: moved(before?.plan.fetches, after?.plan.fetches),
    depth: moved(before?.plan.depth, after?.plan.depth),
    cost: moved(before?.cost, after?.cost),
    services: (after ?? before)?.plan.services.join(', ') ?? '',
  };
}

/** By name alone or as `client/name`. */
export function findOperation(
  operations: readonly OperationCost[],
  wanted: string,
): OperationCost | undefined {
  return operations.find(({ client, name }) => name === wanted || `${client}/${name}` === wanted);
}
