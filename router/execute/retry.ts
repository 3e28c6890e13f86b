/** What is worth one more try, after a moment that differs for each. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TransportOutcome } from './transport.ts';

/** Spreads the second tries of many requests that lost the same subgraph at once. */
const RETRY_AFTER_MS = { min: 10, max: 60 };

/**
 * Only when the connection failed: then either nothing was read, or nobody knows, which is why it must not be a
 * mutation. A subgraph that is slow or answers nonsense would only be asked for more of the same.
 */
export function mayWorkAgain(outcome: TransportOutcome): boolean {
  return !outcome.ok && outcome.fault === 'unreachable';
}

export function aMoment(): Promise<void> {
  return sleep(RETRY_AFTER_MS.min + Math.random() * (RETRY_AFTER_MS.max - RETRY_AFTER_MS.min));
}
