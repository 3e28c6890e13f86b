/**
 * Patterns of KEYS, SCAN, PSUBSCRIBE and CONFIG GET: * ? [a-c] [^a] and \ before a literal. Only the last * is ever
 * gone back to, so that no pattern takes longer than text length times pattern length.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let retry = 0;
  while (position < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      retry = position;
      continue;
    }
    const next = at < pattern.length ? matchOne(pattern, at, text.charCodeAt(position)) : 0;
    if (next > 0) {
      at = next;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++retry;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** Where the pattern goes on after it matched one character; 0 when it does not match. */
function matchOne(pattern: string, at: number, char: number): number {
  switch (pattern[at]) {
    case '?':
      return at + 1;
    case '[':
      return matchClass(pattern, at + 1, char);
    case '\\': {
      const literal = at + 1 < pattern.length ? at + 1 : at;
      return pattern.charCodeAt(literal) === char ? literal + 1 : 0;
    }
    default:
      return pattern.charCodeAt(at) === char ? at + 1 : 0;
  }
}

/** A class that is not closed ends with the pattern. */
function matchClass(pattern: string, start: number, char: number): number {
  const negated = pattern[start] === '^';
  let at = negated ? start + 1 : start;
  let matched = false;
  for (; at < pattern.length && pattern[at] !== ']'; at++) {
    if (pattern[at] === '\\' && at + 1 < pattern.length) {
      at++;
      matched ||= pattern.charCodeAt(at) === char;
    } else if (pattern[at + 1] === '-' && at + 2 < pattern.length) {
      const ends = [pattern.charCodeAt(at), pattern.charCodeAt(at + 2)];
      matched ||= char >= Math.min(...ends) && char <= Math.max(...ends);
      at += 2;
    } else {
      matched ||= pattern.charCodeAt(at) === char;
    }
  }
  return matched === negated ? 0 : Math.min(at + 1, pattern.length);
}
