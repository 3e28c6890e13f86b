/** One more try for what may be asked twice, after a moment that differs for each. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TransportOutcome } from './transport.ts';

/** Spreads the second tries of many requests that lost the same subgraph at once. */
const RETRY_AFTER_MS = { min: 10, max: 60 };

/**
 * Only when the connection failed: then either nothing was read, or nobody knows, which is why it must not be a
 * mutation. A subgraph that is slow or answers nonsense would only be asked for more of the same.
 */
export async function sendAgainOnce(
  send: () => Promise<TransportOutcome>,
  mayAgain: () => boolean,
): Promise<TransportOutcome> {
  const outcome = await send();
  if (outcome.ok || outcome.fault !== 'unreachable' || !mayAgain()) return outcome;
  await sleep(RETRY_AFTER_MS.min + Math.random() * (RETRY_AFTER_MS.max - RETRY_AFTER_MS.min));
  return mayAgain() ? send() : outcome;
}
