/** Shapes what a rule decided into the payload of a mutation. */
import type { Refused, Result, UserError } from './user-errors.ts';

interface Refusal<Code extends string> {
  userErrors: UserError<Code>[];
}

/** `userErrors` is empty when it was done. When it was not, the thing is shown as it stands, if the rule says how. */
export function payload<Value, Code extends string, Shape extends object>(
  outcome: Result<Value, Code> | (Refused<Code> & { current?: Value }),
  shape: (value: Value) => Shape,
): (Shape & Refusal<Code>) | Refusal<Code> {
  if (outcome.ok) return { ...shape(outcome.value), userErrors: [] };
  const { errors: userErrors } = outcome;
  const current = 'current' in outcome ? outcome.current : undefined;
  return current === undefined ? { userErrors } : { ...shape(current), userErrors };
}
