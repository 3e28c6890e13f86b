/** Auth coverage: what everybody may read now, and what fewer people may. */
import { asFinding } from '../changes/find.ts';
import type { Finding } from '../finding.ts';
import type { Impact } from '../impact/impact.ts';
import type { Sides } from '../sides.ts';
import { exposures } from './exposed.ts';
import { forgottenRules } from './neighbours.ts';
import { ruleChanges } from './rules.ts';

export function findAuth(sides: Sides, impact: Impact): Finding[] {
  const [before, after] = [sides.before.view, sides.after.view];
  const changes = [...ruleChanges(before, after), ...forgottenRules(before, after)];
  return [
    ...changes.map((change) => asFinding(change, sides, impact, 'auth')),
    ...exposures(before, after).map((change) => asFinding(change, sides, impact, 'auth')),
  ];
}
