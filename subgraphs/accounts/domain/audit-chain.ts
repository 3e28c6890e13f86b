/**
 * The audit log as a chain: each entry's code covers the entry and the code before it. The codes are made with the
 * vault's key, so that whoever can write to the database, but has not the key, cannot mend the chain behind a change.
 */
import type { Vault } from './vault.ts';

export interface ChainedEntry {
  seq: number;
  id: string;
  occurredAt: Date;
  action: string;
  actorId: string | null;
  apiKeyId: string | null;
  subjectId: string | null;
  ipAddress: string | null;
  requestId: string;
  details: Record<string, unknown> | null;
}

export interface ChainEnd {
  seq: number;
  hash: Buffer;
}

export function hashOfEntry(vault: Vault, previous: Buffer, entry: ChainedEntry): Buffer {
  return vault.mac('audit', textOf(previous, entry));
}

export interface ChainBreak {
  /** The first entry from which on the chain does not hold. */
  seq: number;
  reason: string;
}

/** Walks the log in its order. `read` answers the entries after a place, some at a time, and none at its end. */
export async function findBreak(
  vault: Vault,
  read: (after: number) => Promise<readonly (ChainedEntry & { hash: Buffer })[]>,
  head: ChainEnd,
): Promise<{ entries: number; broken?: ChainBreak }> {
  let last: ChainEnd = { seq: 0, hash: Buffer.alloc(0) };
  for (;;) {
    const entries = await read(last.seq);
    if (entries.length === 0) break;
    for (const entry of entries) {
      const reason = faultAfter(vault, last, entry);
      if (reason) return { entries: last.seq, broken: { seq: last.seq + 1, reason } };
      last = { seq: entry.seq, hash: entry.hash };
    }
  }
  if (last.seq < head.seq) {
    const reason = `entries ${last.seq + 1} to ${head.seq} are missing at the end`;
    return { entries: last.seq, broken: { seq: last.seq + 1, reason } };
  }
  // The head was read before the entries, so more of them may have come in the meantime.
  return { entries: last.seq };
}

function faultAfter(
  vault: Vault,
  last: ChainEnd,
  entry: ChainedEntry & { hash: Buffer },
): string | undefined {
  if (entry.seq !== last.seq + 1) {
    const gap =
      entry.seq - 1 === last.seq + 1
        ? `entry ${last.seq + 1} is`
        : `entries ${last.seq + 1} to ${entry.seq - 1} are`;
    return `${gap} missing`;
  }
  if (!vault.isMac('audit', textOf(last.hash, entry), entry.hash)) {
    return `entry ${entry.seq} (${entry.id}) is not what was written: it, or the code before it, was changed`;
  }
  return undefined;
}

function textOf(previous: Buffer, entry: ChainedEntry): string {
  return [
    previous.toString('base64'),
    entry.seq,
    entry.id,
    entry.occurredAt.toISOString(),
    entry.action,
    entry.actorId,
    entry.apiKeyId,
    entry.subjectId,
    entry.ipAddress,
    entry.requestId,
    entry.details,
  ]
    .map(canonicalJson)
    .join('\n');
}

/** PostgreSQL hands jsonb back with its keys in another order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
