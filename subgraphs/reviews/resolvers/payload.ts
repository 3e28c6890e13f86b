/** Shapes what a rule decided into the payload of a mutation. */
import type { Result, UserError } from '@souk/kit/user-errors';
import type { ReviewsErrorCode } from '../domain/error-codes.ts';

interface Refusal {
  userErrors: UserError<ReviewsErrorCode>[];
}

/** `userErrors` is empty when it was done, and the rest is empty when it was not. */
export function payload<Value, Shape extends object>(
  outcome: Result<Value, ReviewsErrorCode>,
  shape: (value: Value) => Shape,
): (Shape & Refusal) | Refusal {
  return outcome.ok ? { ...shape(outcome.value), userErrors: [] } : { userErrors: outcome.errors };
}
