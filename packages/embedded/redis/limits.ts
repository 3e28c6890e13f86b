/** How much a client may make this server hold, and what happens to one that goes beyond. */
import type { Client } from './client.ts';

const MB = 1024 * 1024;

export const MAX_CLIENTS = 1000;
/** A command that is not complete, or commands behind one that blocks. */
export const QUERY_BUFFER_LIMIT = 128 * MB;
/** Over this a client's further commands wait until it has read its replies. */
export const THROTTLE_ABOVE = 16 * MB;
/** As `client-output-buffer-limit pubsub 32mb 8mb 60` does it in Redis. */
export const SUBSCRIBER_HARD_LIMIT = 32 * MB;
export const SUBSCRIBER_SOFT_LIMIT = 8 * MB;
const SUBSCRIBER_SOFT_MS = 60_000;
/** What all clients may make the server hold together, as `maxmemory-clients` in Redis. */
export const ALL_CLIENTS_LIMIT = 512 * MB;

export interface BufferBudget {
  /** To be called when what a client holds may have changed. */
  account(client: Client): void;
}

/** Cuts off the client that holds most when all of them together hold too much. */
export function createBufferBudget(
  clients: ReadonlyMap<number, Client>,
  cutOff: (client: Client, reason: string) => void,
  limit = ALL_CLIENTS_LIMIT,
): BufferBudget {
  let total = 0;
  const account = (client: Client) => {
    const held = client.closed ? 0 : client.heldBytes;
    total += held - client.accountedBytes;
    client.accountedBytes = held;
    if (total > limit) evictLargest();
  };
  const evictLargest = () => {
    let largest: Client | undefined;
    for (const client of clients.values()) {
      if (client.noEvict || client.closed) continue;
      if (!largest || client.accountedBytes > largest.accountedBytes) largest = client;
    }
    if (!largest) return;
    cutOff(largest, 'all clients together hold too much, and this one most');
    account(largest);
  };
  return { account };
}

/** Why a subscriber is to be cut off for not reading what it is sent; undefined when it is not. */
export function tooSlow(client: Client, now: number): string | undefined {
  const waiting = client.outputBytes;
  if (waiting > SUBSCRIBER_HARD_LIMIT) return 'its output buffer is over 32mb';
  if (waiting <= SUBSCRIBER_SOFT_LIMIT) {
    client.slowSince = undefined;
    return undefined;
  }
  client.slowSince ??= now;
  return now - client.slowSince > SUBSCRIBER_SOFT_MS ? 'its output buffer was over 8mb for 60 s' : undefined;
}
