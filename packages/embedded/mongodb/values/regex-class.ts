/** Character classes and escaped characters of PCRE in JavaScript's Unicode syntax. */
import { invalidRegex as invalid } from './regex-error.ts';

interface Read {
  source: string;
  end: number;
}

/** Without \p in the pattern PCRE's classes know ASCII only. */
const escapedSets: Record<string, string> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: '\\t-\\r ',
  h: '\\t \\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  v: '\\n-\\r\\u0085\\u2028\\u2029',
};

const escapedSetComplements: Record<string, string> = {
  D: '\\0-/:-\\u{10ffff}',
  W: '\\0-/:-@\\[-\\^`\\{-\\u{10ffff}',
  S: '\\0-\\x08\\x0e-\\x1f!-\\u{10ffff}',
  H: '\\0-\\x08\\n-\\x1f!-\\u009f\\u00a1-\\u167f\\u1681-\\u180d\\u180f-\\u1fff\\u200b-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\u{10ffff}',
  V: '\\0-\\t\\x0e-\\x84\\u0086-\\u2027\\u202a-\\u{10ffff}',
};

const controlEscapes: Record<string, string> = {
  n: '\\n',
  r: '\\r',
  t: '\\t',
  f: '\\f',
  e: '\\x1b',
  a: '\\x07',
};

const posixSets: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t-\\r ',
  blank: '\\t ',
  punct: '!-\\/:-@\\[-`\\{-~',
  xdigit: 'A-Fa-f0-9',
  word: 'A-Za-z0-9_',
  cntrl: '\\0-\\x1f\\x7f',
  print: ' -~',
  graph: '!-~',
  ascii: '\\0-\\x7f',
};

const posixComplements: Record<string, string> = {
  alpha: '\\0-@\\[-`\\{-\\u{10ffff}',
  digit: '\\0-/:-\\u{10ffff}',
  alnum: '\\0-/:-@\\[-`\\{-\\u{10ffff}',
  upper: '\\0-@\\[-\\u{10ffff}',
  lower: '\\0-`\\{-\\u{10ffff}',
  space: escapedSetComplements.S!,
  word: escapedSetComplements.W!,
};

/** Reads a class from behind its `[`. */
export function translateClass(pattern: string, start: number): Read {
  let at = start;
  let source = '[';
  if (pattern[at] === '^') {
    source += '^';
    at += 1;
  }
  // A bracket in first place is an ordinary character.
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    if (at >= pattern.length) throw invalid('missing terminating ] for character class');
    const piece = classPiece(pattern, at);
    source += piece.source;
    at = piece.end;
  }
  return { source: `${source}]`, end: at + 1 };
}

function classPiece(pattern: string, at: number): Read {
  const char = String.fromCodePoint(pattern.codePointAt(at)!);
  if (char === '[') {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(pattern.slice(at, at + 14));
    if (posix) return { source: posixSet(posix[2]!, posix[1] === '^'), end: at + posix[0].length };
    if (/^\[[.=]/.test(pattern.slice(at, at + 2))) {
      throw invalid('POSIX collating elements are not supported');
    }
  }
  if (char === '\\') return translateClassEscape(pattern, at + 1, true);
  if (char === '-') return { source: dashAt(pattern, at) ? '-' : '\\-', end: at + 1 };
  return { source: /[[\]^/{}()|]/.test(char) ? `\\${char}` : char, end: at + char.length };
}

/** Whether the dash stands between two single characters and so makes a range. */
function dashAt(pattern: string, at: number): boolean {
  const before = pattern.slice(0, at);
  const behind = pattern[at + 1];
  if (behind === ']' || behind === undefined) return false;
  if (/\[\^?$/.test(before) || /\\[dDwWsShHvV]$/.test(before) || before.endsWith(':]')) return false;
  return (
    !(behind === '\\' && /[dDwWsShHvV]/.test(pattern[at + 2] ?? '')) &&
    !/^-\[:/.test(pattern.slice(at, at + 3))
  );
}

function posixSet(name: string, negated: boolean): string {
  const set = negated ? posixComplements[name] : posixSets[name];
  if (set === undefined) throw invalid('unknown POSIX class name');
  return set;
}

/** Reads what stands behind a backslash: a set of characters or one character. */
export function translateClassEscape(pattern: string, at: number, inClass: boolean): Read {
  const letter = pattern[at];
  if (letter === undefined) throw invalid('\\ at end of pattern');
  const set = escapedSets[letter] ?? escapedSetComplements[letter];
  if (set !== undefined) return { source: inClass ? set : `[${set}]`, end: at + 1 };
  if (controlEscapes[letter] !== undefined) return { source: controlEscapes[letter], end: at + 1 };
  if (letter === 'b' && inClass) return { source: '\\x08', end: at + 1 };
  if (letter === 'p' || letter === 'P') return unicodeProperty(pattern, at);
  if (letter === 'x') return hexCharacter(pattern, at);
  if (letter === 'c') {
    const control = (pattern.charCodeAt(at + 1) | 0) & 0x1f;
    return { source: codePointSource(control), end: at + 2 };
  }
  if (/[0-7]/.test(letter)) return octalCharacter(pattern, at);
  if (/[A-Za-z0-9]/.test(letter)) throw invalid(`unrecognized character follows \\ (${letter})`);
  const char = String.fromCodePoint(pattern.codePointAt(at)!);
  const special = /[\\^$.*+?()[\]{}|/-]/.test(char);
  return { source: special && (inClass || char !== '-') ? `\\${char}` : char, end: at + char.length };
}

function unicodeProperty(pattern: string, at: number): Read {
  const match = /^([pP])(?:\{(\^?)\s*([\w&]+)\s*\}|([A-Z]))/.exec(pattern.slice(at, at + 60));
  if (!match) throw invalid('malformed \\P or \\p sequence');
  const negated = (match[1] === 'P') !== (match[2] === '^');
  const name = (match[3] ?? match[4])!.replace('L&', 'LC');
  const letter = negated ? 'P' : 'p';
  for (const property of [name, `Script=${name}`]) {
    const source = `\\${letter}{${property}}`;
    try {
      new RegExp(source, 'u');
      return { source, end: at + match[0].length };
    } catch {
      // Neither a category nor a script of that name: refused below.
    }
  }
  throw invalid('unknown property after \\P or \\p');
}

function hexCharacter(pattern: string, at: number): Read {
  const match = /^x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{0,2}))/.exec(pattern.slice(at, at + 9))!;
  const code = Number.parseInt(match[1] ?? (match[2] || '0'), 16);
  return { source: codePointSource(code), end: at + match[0].length };
}

function octalCharacter(pattern: string, at: number): Read {
  const match = /^[0-7]{1,3}/.exec(pattern.slice(at, at + 3))!;
  return { source: codePointSource(Number.parseInt(match[0], 8)), end: at + match[0].length };
}

function codePointSource(code: number): string {
  if (code > 0x10ffff) throw invalid('character code point value in \\x{} or \\o{} is too large');
  return `\\u{${code.toString(16)}}`;
}
