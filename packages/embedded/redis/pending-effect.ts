/**
 * How the log records entries that were delivered and not acknowledged. Redis records them as XCLAIM, which loses
 * those whose entry is deleted; this is a command of the log alone.
 */
import type { Pending } from './values/stream.ts';
import { formatId } from './values/stream-id.ts';

export const PENDING_EFFECT = 'pending-entries';

/** They must have the same consumer, time and number of deliveries. */
export function pendingEffect(
  key: string,
  group: string,
  entries: readonly [Pending, ...Pending[]],
): string[] {
  const { consumer, deliveredAt, deliveries } = entries[0];
  return [
    PENDING_EFFECT,
    key,
    group,
    consumer.name,
    String(deliveredAt),
    String(deliveries),
    ...entries.map(formatId),
  ];
}
