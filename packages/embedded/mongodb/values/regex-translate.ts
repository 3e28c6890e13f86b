/**
 * PCRE, as MongoDB understands patterns, into a JavaScript RegExp of the same meaning. What has no
 * counterpart (recursion, atomic groups, conditions, verbs) is refused, never matched differently.
 */
import { location } from '../errors.ts';
import { translateClass, translateClassEscape } from './regex-class.ts';
import { invalidRegex } from './regex-error.ts';
import { readGroupOpening } from './regex-group.ts';

export interface Translation {
  source: string;
  flags: string;
  /** How many parts may match at more than a few lengths: the exponent of the worst running time. */
  variableParts: number;
  /** A repeated group whose inside may itself match at several lengths: exponential time. */
  nested: boolean;
  /** Starts with ^ or \A: only one place to try. */
  anchored: boolean;
}

interface Options {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  extended: boolean;
}

/** JavaScript's own m flag is never set: it knows more line ends than PCRE does. */
const START_OF_TEXT = '^';
const END_OF_TEXT = '$';
/** PCRE lets `$` match before a last line feed too. */
const END_OR_LAST_LINE_FEED = '(?=\\n?$)';
const LINE_START = '(?:^|(?<=\\n)(?=[^]))';
const LINE_END = '(?=\\n|$)';
/** Repetitions of at most this many take no time worth counting. */
const FEW = 8;
const MAX_NESTING = 250;

export function translateRegex(pattern: string, optionLetters: string): Translation {
  const options: Options = { ignoreCase: false, multiline: false, dotAll: false, extended: false };
  for (const letter of optionLetters) setOption(options, letter, true);
  const reader = new PatternReader(pattern, options);
  return reader.translate();
}

function setOption(options: Options, letter: string, value: boolean): void {
  if (letter === 'i') options.ignoreCase = value;
  else if (letter === 'm') options.multiline = value;
  else if (letter === 's') options.dotAll = value;
  else if (letter === 'x') options.extended = value;
  // Patterns are always Unicode here, so `u` asks for nothing.
  else if (letter !== 'u') throw location(51108, `invalid flag in regex options: ${letter}`);
}

/** What one piece of a pattern was turned into. */
interface Piece {
  source: string;
  /** Whether it can match at more than one length. */
  variable: boolean;
  repeatable: boolean;
}

class PatternReader {
  private readonly pattern: string;
  private readonly options: Options;
  private at = 0;
  private depth = 0;
  private variableParts = 0;
  private nested = false;

  constructor(pattern: string, options: Options) {
    this.pattern = pattern;
    this.options = options;
  }

  translate(): Translation {
    this.leadingOptions();
    const start = this.at;
    const { source } = this.alternatives();
    if (this.at < this.pattern.length) throw invalidRegex('unmatched closing parenthesis');
    const anchored = /^(?:\^|\\A)/.test(this.pattern.slice(start)) && !this.options.multiline;
    return {
      source: source === '' ? '(?:)' : source,
      flags: this.options.ignoreCase ? 'ui' : 'u',
      variableParts: this.variableParts,
      nested: this.nested,
      anchored: anchored && !source.includes('|'),
    };
  }

  /** `(?i)` at the very start speaks for the whole pattern; elsewhere JavaScript can not express it. */
  private leadingOptions(): void {
    for (;;) {
      const match = /^\(\?([imsxu]*)(?:-([imsx]+))?\)/.exec(this.pattern.slice(this.at, this.at + 20));
      if (!match) return;
      for (const letter of match[1]!) setOption(this.options, letter, true);
      for (const letter of match[2] ?? '') setOption(this.options, letter, false);
      this.at += match[0].length;
    }
  }

  private alternatives(): Piece {
    if (++this.depth > MAX_NESTING) throw invalidRegex('parentheses are too deeply nested');
    const first = this.sequence();
    let { source, variable } = first;
    while (this.pattern[this.at] === '|') {
      this.at += 1;
      const next = this.sequence();
      source += `|${next.source}`;
      variable = true;
    }
    this.depth -= 1;
    return { source, variable, repeatable: true };
  }

  private sequence(): Piece {
    let source = '';
    let variable = false;
    for (;;) {
      if (this.options.extended) this.skipSpaceAndComments();
      const char = this.pattern[this.at];
      if (char === undefined || char === '|' || char === ')') return { source, variable, repeatable: true };
      const piece = this.quantified(this.piece());
      source += piece.source;
      variable ||= piece.variable;
    }
  }

  private skipSpaceAndComments(): void {
    for (;;) {
      const char = this.pattern[this.at];
      if (char !== undefined && /[\t-\r ]/.test(char)) {
        this.at += 1;
      } else if (char === '#') {
        const lineEnd = this.pattern.indexOf('\n', this.at);
        this.at = lineEnd < 0 ? this.pattern.length : lineEnd + 1;
      } else {
        return;
      }
    }
  }

  private quantified(piece: Piece): Piece {
    if (this.options.extended) this.skipSpaceAndComments();
    const match = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/.exec(this.pattern.slice(this.at, this.at + 30));
    if (!match) return piece;
    if (!piece.repeatable) throw invalidRegex('quantifier does not follow a repeatable item');
    this.at += match[0].length;
    const [least, most] = repetitions(match);
    if (most < least) throw invalidRegex('numbers out of order in {} quantifier');
    if (least > 65_535 || (most !== Infinity && most > 65_535)) {
      throw invalidRegex('number too big in {} quantifier');
    }
    const next = this.pattern[this.at];
    if (next === '+') throw invalidRegex('possessive quantifiers are not supported');
    if (next === '?') this.at += 1;
    const many = most > FEW && most !== least;
    if (many) this.variableParts += 1;
    if (piece.variable && most > FEW) this.nested = true;
    const source = piece.source + match[0] + (next === '?' ? '?' : '');
    return { source, variable: piece.variable || most !== least, repeatable: false };
  }

  private piece(): Piece {
    const char = this.codePoint();
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return fixed(this.characterClass());
      case '\\':
        return this.escape();
      case '.':
        return fixed(this.options.dotAll ? '[^]' : '[^\\n]');
      case '^':
        return assertion(this.options.multiline ? LINE_START : START_OF_TEXT);
      case '$':
        return assertion(this.options.multiline ? LINE_END : END_OR_LAST_LINE_FEED);
      case '*':
      case '+':
      case '?':
        throw invalidRegex('quantifier does not follow a repeatable item');
      default:
        return fixed(literal(char));
    }
  }

  private codePoint(): string {
    const char = String.fromCodePoint(this.pattern.codePointAt(this.at)!);
    this.at += char.length;
    return char;
  }

  private characterClass(): string {
    const { source, end } = translateClass(this.pattern, this.at);
    this.at = end;
    return source;
  }

  private group(): Piece {
    const { opening, end } = readGroupOpening(this.pattern, this.at);
    this.at = end;
    if (opening === undefined) return { source: '', variable: false, repeatable: false };
    const inside = this.alternatives();
    if (this.pattern[this.at] !== ')') throw invalidRegex('missing closing parenthesis');
    this.at += 1;
    const look = /^\(\?<?[=!]/.test(opening);
    return {
      source: `${opening}${inside.source})`,
      variable: !look && inside.variable,
      repeatable: !look,
    };
  }

  private escape(): Piece {
    if (this.at >= this.pattern.length) throw invalidRegex('\\ at end of pattern');
    const rest = this.pattern.slice(this.at);
    const reference = this.reference(rest);
    if (reference) return reference;
    if (rest[0] === 'Q') return this.quotedLiteral();
    const assertionSource = escapeAssertions[rest[0]!];
    if (assertionSource !== undefined) {
      this.at += 1;
      return assertion(assertionSource);
    }
    if (rest[0] === 'N') {
      this.at += 1;
      return fixed('[^\\n]');
    }
    if (rest[0] === 'R') {
      this.at += 1;
      return { source: '(?:\\r\\n|[\\n-\\r\\u0085\\u2028\\u2029])', variable: true, repeatable: true };
    }
    const { source, end } = translateClassEscape(this.pattern, this.at, false);
    this.at = end;
    return fixed(source);
  }

  private reference(rest: string): Piece | undefined {
    const match = /^(?:[gk]\{([A-Za-z_]\w*|\d+)\}|k<(\w+)>|k'(\w+)'|g(\d+)|([1-9]\d*))/.exec(rest);
    if (!match) return undefined;
    const target = match.slice(1).find((name) => name !== undefined)!;
    // Of several digits, with fewer groups than that, PCRE makes an octal number.
    if (match[5] && match[5].length > 1 && this.pattern.split('(').length <= Number(match[5]))
      return undefined;
    this.at += match[0].length;
    this.nested = true;
    const source = /^\d/.test(target) ? `(?:\\${target})` : `\\k<${target}>`;
    return { source, variable: true, repeatable: true };
  }

  /** \Q...\E */
  private quotedLiteral(): Piece {
    const end = this.pattern.indexOf('\\E', this.at);
    const text = this.pattern.slice(this.at + 1, end < 0 ? undefined : end);
    this.at = end < 0 ? this.pattern.length : end + 2;
    // A quantifier behind it belongs to the last character only; a group would repeat all of them.
    const chars = [...text];
    if (chars.length > 1 && /^[*+?{]/.test(this.pattern.slice(this.at))) {
      const last = chars.pop()!;
      const quantifiedLast = this.quantified(fixed(literal(last)));
      return { ...quantifiedLast, source: chars.map(literal).join('') + quantifiedLast.source };
    }
    return { source: chars.map(literal).join(''), variable: false, repeatable: chars.length > 0 };
  }
}

const escapeAssertions: Record<string, string> = {
  A: START_OF_TEXT,
  z: END_OF_TEXT,
  Z: END_OR_LAST_LINE_FEED,
  b: '\\b',
  B: '\\B',
  E: '',
};

function repetitions(match: RegExpExecArray): [number, number] {
  if (match[0] === '*') return [0, Infinity];
  if (match[0] === '+') return [1, Infinity];
  if (match[0] === '?') return [0, 1];
  const least = Number(match[1]);
  if (!match[2]) return [least, least];
  return [least, match[3] ? Number(match[3]) : Infinity];
}

function fixed(source: string): Piece {
  return { source, variable: false, repeatable: true };
}

function assertion(source: string): Piece {
  return { source, variable: false, repeatable: false };
}

export function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}
