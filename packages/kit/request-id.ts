/** The id that one request carries through every hop and into every log line. */
import { randomBytes } from 'node:crypto';

/** Long enough for UUIDs, ULIDs and trace ids; narrow enough that nothing can be smuggled into a log. */
const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;

export function newRequestId(): string {
  return randomBytes(16).toString('hex');
}

/** What the caller sent, or a new id when that is absent or malformed. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && WELL_FORMED.test(header) ? header : newRequestId();
}
