/** The id that one request carries through every hop and into every log line. */
import { randomFillSync } from 'node:crypto';

/** Long enough for UUIDs, ULIDs and trace ids; narrow enough that nothing can be smuggled into a log. */
const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;

const ID_BYTES = 16;
/** One system call fills 256 ids. */
const pool = Buffer.alloc(256 * ID_BYTES);
let used = pool.length;

export function newRequestId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString('hex', used - ID_BYTES, used);
}

/** What the caller sent, or a new id when that is absent or malformed. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && WELL_FORMED.test(header) ? header : newRequestId();
}
