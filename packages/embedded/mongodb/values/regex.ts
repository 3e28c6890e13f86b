/** Regular expressions of queries: compiled once, and never able to hold up the server. */
import vm from 'node:vm';
import { location } from '../errors.ts';
import { invalidRegex } from './regex-error.ts';
import { type Translation, translateRegex } from './regex-translate.ts';

export interface Regex {
  test(text: string): boolean;
  /** The first match at or after a position given in UTF-16 units. */
  exec(text: string, from: number): RegExpExecArray | null;
}

const MAX_PATTERN = 32_764;
const KEPT_PATTERNS = 500;
const known = new Map<string, Regex>();

/** Compiles a pattern with MongoDB's options (i, m, s, x, u); errors are MongoDB's (51091 and others). */
export function compileRegex(pattern: string, options: string): Regex {
  const cacheKey = `${options}/${pattern}`;
  const cached = known.get(cacheKey);
  if (cached) return cached;
  if (pattern.includes('\0')) {
    throw location(51091, 'Regular expression cannot contain an embedded null byte');
  }
  if (pattern.length > MAX_PATTERN) throw invalidRegex('pattern string is longer than the limit');
  const regex = build(translateRegex(pattern, options));
  if (known.size >= KEPT_PATTERNS) known.clear();
  known.set(cacheKey, regex);
  return regex;
}

function build(translation: Translation): Regex {
  const native = newRegExp(translation);
  const exec = (text: string, from: number): RegExpExecArray | null => {
    native.lastIndex = from;
    try {
      return isQuick(translation, text.length) ? native.exec(text) : guardedExec(native, text);
    } catch {
      // The time limit, or the matcher's own stack: MongoDB has a limit of its own for this, in steps.
      throw location(51156, 'Error occurred while executing regular expression: match limit exceeded');
    }
  };
  return { exec, test: (text) => exec(text, 0) !== null };
}

function newRegExp(translation: Translation): RegExp {
  try {
    return new RegExp(translation.source, `${translation.flags}g`);
  } catch (error) {
    // What the translation lets through and JavaScript does not, such as a group named twice.
    throw invalidRegex((error as Error).message);
  }
}

/** About how many steps may be taken before it is worth a watchdog (some 50 µs). */
const QUICK_STEPS = 2_000_000;

function isQuick({ nested, variableParts, anchored }: Translation, length: number): boolean {
  if (nested) return length <= 16;
  const exponent = Math.max(1, variableParts + (anchored ? 0 : 1));
  return length ** exponent <= QUICK_STEPS;
}

const TIME_LIMIT_MS = 500;
const context = vm.createContext(Object.create(null) as Record<string, unknown>);
const script = new vm.Script('regex.exec(text)');

/** JavaScript's matcher can backtrack for ages, and nothing but a vm timeout interrupts it. */
function guardedExec(regex: RegExp, text: string): RegExpExecArray | null {
  context.regex = regex;
  context.text = text;
  try {
    return script.runInContext(context, { timeout: TIME_LIMIT_MS }) as RegExpExecArray | null;
  } finally {
    context.regex = undefined;
    context.text = undefined;
  }
}

/**
 * The text every match must begin with, for an index to look up; undefined when there is none or
 * letters of both cases match. `exact` says that nothing but the prefix is asked for (`^abc`).
 */
export function literalPrefix(
  pattern: string,
  options: string,
): { prefix: string; exact: boolean } | undefined {
  if (/[imx]/.test(options) || pattern.includes('|')) return undefined;
  const start = /^(?:\^|\\A)/.exec(pattern);
  if (!start) return undefined;
  let prefix = '';
  let at = start[0].length;
  for (; at < pattern.length; at += 1) {
    let char = pattern[at]!;
    if (char === '\\') {
      const escaped = pattern[at + 1];
      if (escaped === undefined || /\w/.test(escaped)) break;
      at += 1;
      char = escaped;
    } else if (/[$.()[{*+?]/.test(char)) {
      break;
    }
    const next = pattern[at + 1];
    // What follows may make this character optional, or repeat it.
    if (next !== undefined && /[*?{+]/.test(next)) break;
    prefix += char;
  }
  // A lone half of a surrogate pair has no place in UTF-8 order.
  if (/[\ud800-\udfff]/.test(prefix)) prefix = prefix.slice(0, prefix.search(/[\ud800-\udfff]/));
  return prefix === '' ? undefined : { prefix, exact: at >= pattern.length };
}
