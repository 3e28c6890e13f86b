/** How long a blocking command may wait: seconds, with a fraction. */
import { parseUnbounded } from '../numbers/double.ts';
import { CommandError } from '../protocol/reply.ts';

const LONGEST_MS = 2 ** 63;

/** In milliseconds; 0 for ever. */
export function readTimeout(text: string): number {
  const seconds = parseUnbounded(text);
  if (seconds === undefined) throw new CommandError('ERR timeout is not a float or out of range');
  if (seconds < 0) throw new CommandError('ERR timeout is negative');
  const ms = Math.ceil(seconds * 1000);
  if (ms >= LONGEST_MS) throw new CommandError('ERR timeout is out of range');
  return ms;
}
