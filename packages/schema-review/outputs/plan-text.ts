/** Query plans as indented lines, and two of them beside each other. */
import { parse, print } from 'graphql';
import type { OperationPlan, PlanStep } from '../cost/plan.ts';

export function planLines(plan: OperationPlan | undefined): string[] {
  return plan?.root ? stepLines(plan.root) : ['(no plan)'];
}

function stepLines(step: PlanStep): string[] {
  switch (step.kind) {
    case 'fetch':
      return [`fetch ${step.service}${step.entities ? ' (entities)' : ''}`, ...queryLines(step.query)];
    case 'sequence':
    case 'parallel':
      return [step.kind === 'sequence' ? 'one after the other' : 'at once', ...step.steps.flatMap(indented)];
    case 'flatten': {
      const [first = '', ...rest] = stepLines(step.step);
      return [`${first} at ${step.path}`, ...rest];
    }
    case 'condition':
      return [
        `if ${step.condition}`,
        ...(step.then ? indented(step.then) : []),
        ...(step.otherwise ? ['else', ...indented(step.otherwise)] : []),
      ];
    case 'subscription':
      return [
        'subscription',
        ...indented(step.primary),
        ...(step.rest ? ['per event', ...indented(step.rest)] : []),
      ];
  }
}

const indented = (step: PlanStep) => stepLines(step).map((line) => `  ${line}`);
/** Plans keep queries on one line. */
const queryLines = (query: string) =>
  print(parse(query, { noLocation: true }))
    .split('\n')
    .map((line) => `  ${line}`);

/** In two columns of one width; lines too long for theirs are cut. */
export function sideBySide(left: readonly string[], right: readonly string[], width: number): string[] {
  const column = Math.floor((width - 3) / 2);
  const fit = (text = '') => (text.length > column ? `${text.slice(0, column - 1)}…` : text.padEnd(column));
  const rows = Math.max(left.length, right.length);
  return Array.from({ length: rows }, (_, row) => `${fit(left[row])} │ ${fit(right[row])}`.trimEnd());
}
