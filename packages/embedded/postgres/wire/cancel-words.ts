/** What a client reads when its statement was stopped. */
import { type ErrorFields, errorMessage, messagesIn } from './messages.ts';

export type CancelReason = 'user' | 'statement_timeout' | 'lock_timeout';

const WORDS: Record<CancelReason, ErrorFields> = {
  user: { severity: 'ERROR', code: '57014', message: 'canceling statement due to user request' },
  statement_timeout: {
    severity: 'ERROR',
    code: '57014',
    message: 'canceling statement due to statement timeout',
  },
  lock_timeout: { severity: 'ERROR', code: '55P03', message: 'canceling statement due to lock timeout' },
};

export const cancelError = (reason: CancelReason): Buffer => errorMessage(WORDS[reason]);

/** The engine knows one reason only, its user; the wire server knows the others. */
export function withCancelReason(output: Buffer, reason: CancelReason): Buffer {
  if (reason === 'user' || !output.includes(WORDS.user.message)) return output;
  const parts: Buffer[] = [];
  for (const { type, start, end } of messagesIn(output)) {
    const message = output.subarray(start, end);
    parts.push(type === 'E' && message.includes(WORDS.user.message) ? cancelError(reason) : message);
  }
  return Buffer.concat(parts);
}
