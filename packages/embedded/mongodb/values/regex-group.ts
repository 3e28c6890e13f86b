/** What stands behind the `(` of a group in PCRE. */
import { invalidRegex } from './regex-error.ts';

/** JavaScript's opening of the group from behind its `(`; none for a comment, which ends at `end`. */
export function readGroupOpening(pattern: string, at: number): { opening: string | undefined; end: number } {
  const rest = pattern.slice(at, at + 140);
  if (rest.startsWith('*')) throw invalidRegex('(*VERB) is not supported');
  if (!rest.startsWith('?')) return { opening: '(', end: at };
  if (rest.startsWith('?#')) {
    const close = pattern.indexOf(')', at);
    if (close < 0) throw invalidRegex('missing ) after (?# comment');
    return { opening: undefined, end: close + 1 };
  }
  const plain = /^\?(?::|=|!|<=|<!)/.exec(rest);
  if (plain) return { opening: `(${plain[0]}`, end: at + plain[0].length };
  const named = /^\?P?<([A-Za-z_]\w{0,127})>/.exec(rest) ?? /^\?'([A-Za-z_]\w{0,127})'/.exec(rest);
  if (named) return { opening: `(?<${named[1]}>`, end: at + named[0].length };
  throw invalidRegex(`the group (${rest.slice(0, 3)} is not supported`);
}
