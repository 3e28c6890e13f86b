/**
 * Tells the routers what ends access before its tokens do, on the channel `souk:revocations`. A router that starts reads
 * what it missed from the stream `souk:revocations:recent`, which keeps longer than any access token lives.
 */
import type { Redis } from 'ioredis';
import type { Afterwards } from './afterwards.ts';
import { USER_TOKEN_SECONDS } from './domain/access-tokens.ts';
import type { Revocation } from './domain/revocation.ts';

export const REVOCATIONS_CHANNEL = 'souk:revocations';
export const RECENT_REVOCATIONS = 'souk:revocations:recent';

/** Twice the life of a token, for clocks that differ. */
const KEPT_MS = 2 * USER_TOKEN_SECONDS * 1000;

/** Resolves when Redis has it. While Redis is away it is tried again afterwards: the change itself is committed. */
export function createRevocations(
  redis: Redis,
  afterwards: Afterwards,
): (revocation: Revocation) => Promise<void> {
  const publish = async (revocation: Revocation) => {
    const text = JSON.stringify({ ...revocation, at: revocation.at.toISOString() });
    const oldest = `${Date.now() - KEPT_MS}`;
    const outcomes = await redis
      .multi()
      .xadd(RECENT_REVOCATIONS, 'MINID', '~', oldest, '*', 'json', text)
      .publish(REVOCATIONS_CHANNEL, text)
      .exec();
    const fault = outcomes?.find(([error]) => error)?.[0];
    if (fault) throw fault;
  };
  return async (revocation) => {
    try {
      await publish(revocation);
    } catch {
      // Said and tried again by `afterwards`.
      afterwards.runWithRetries('Telling the routers of a revocation', () => publish(revocation));
    }
  };
}
