/** Shapes what a rule decided into the payload of a mutation. */
import type { CatalogRefusal, Outcome } from '../domain/refusals.ts';

interface Refusal {
  userErrors: CatalogRefusal[];
}

/** `userErrors` is empty when it was done. When it was not, the thing is shown as it stands, if that helps. */
export function payload<Thing, Shape extends object>(
  outcome: Outcome<Thing>,
  shape: (thing: Thing) => Shape,
): (Shape & Refusal) | Refusal {
  if (outcome.ok) return { ...shape(outcome.value), userErrors: [] };
  const { errors, current } = outcome;
  return current === undefined ? { userErrors: errors } : { ...shape(current), userErrors: errors };
}
