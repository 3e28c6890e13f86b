/** The steps of a compiled operation as people read them. */
import type { Path } from '../../plan/plan.ts';
import type { PlannedFetch } from '../executor.ts';
import type { Compiled } from './compile.ts';

export function explainSteps({ steps, followers }: Compiled): PlannedFetch[] {
  return steps.map((step, index) => ({
    subgraph: step.subgraph,
    operation: step.request.text,
    paths:
      step.kind === 'root'
        ? step.path.length === 0
          ? []
          : [readable(step.path)]
        : step.parts.flatMap(({ positions }) => positions.map(({ path }) => readable(path))),
    waitsFor: followers.flatMap((list, other) => (list.includes(index) ? [other] : [])),
  }));
}

/** `products.nodes[].author`; what only some types have stands in brackets: `search[].(Book).author`. */
function readable(path: Path): string {
  let text = '';
  for (const step of path) {
    if (step === '@') text += '[]';
    else text += `${text === '' ? '' : '.'}${typeof step === 'string' ? step : `(${step.types.join('|')})`}`;
  }
  return text;
}
