/**
 * Reads a subgraph's answer as text, along the shape that it is expected to have, without parsing it: scalars become
 * pieces of the text. Anything strange (white space, escapes that JSON.stringify would not write, a value of another
 * type, text that is no JSON) throws `STRANGE`, and the answer is read by JSON.parse instead (parsed.ts): this file
 * need not understand all JSON, but what it accepts must be exactly what JSON.parse would have read.
 */
import { isUtf8 } from 'node:buffer';
import { detached } from '../wire-text.ts';
import { hasControlCharacter } from './control-characters.ts';
import { KnownObjects } from './known-objects.ts';
import { isLeaf, type Leaf, plainJson, plainNumber } from './leaf.ts';
import type { Shape, ShapeField } from './shape.ts';
import { List, type Row, TYPENAME, type Value } from './values.ts';

export const STRANGE = new Error('Not the text that was expected');

/** JSON.stringify would not write it. */
const UNUSUAL_ESCAPE = /\\[^"\\bfnrt]/;
const SAFE_DIGITS = 15;
const [QUOTE, COMMA, MINUS, DOT, ZERO, NINE, COLON] = [34, 44, 45, 46, 48, 57, 58];
const [OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [91, 92, 93, 123, 125];
const [LETTER_E, LETTER_F, LETTER_N, LETTER_T, BIG_E, PLUS] = [101, 102, 110, 116, 69, 43];

/** Wire text of an answer that can be scanned. */
export function scannable(body: Buffer): string | undefined {
  // Among control characters is all white space but the blank.
  if (!isUtf8(body) || hasControlCharacter(body)) return undefined;
  const text = body.toString('latin1');
  return body.includes(BACKSLASH) && UNUSUAL_ESCAPE.test(text) ? undefined : text;
}

/** Types come from subgraphs: unknown ones must not grow what is kept. */
const MAX_TYPENAMES = 10;
const MAX_TYPENAME_LENGTH = 100;

export class Scanner {
  readonly text: string;
  at = 0;
  private readonly known = new Map<Shape, KnownObjects>();

  constructor(text: string) {
    this.text = text;
  }

  /** At an object's brace; ends behind the closing one. */
  object(shape: Shape): Row {
    return shape.isKnownByText ? this.knownObject(shape) : this.freshObject(shape);
  }

  private knownObject(shape: Shape): Row {
    const { text, at: start } = this;
    let known = this.known.get(shape);
    if (known === undefined) {
      known = new KnownObjects(text);
      this.known.set(shape, known);
    }
    if (!known.isWorthLooking()) return this.freshObject(shape);
    const found = known.find(start);
    if (found !== undefined) {
      this.at = start + found.text.length;
      return found.row;
    }
    const row = this.freshObject(shape);
    known.keep(row, start, this.at);
    return row;
  }

  private freshObject(shape: Shape): Row {
    const { text } = this;
    const row = shape.place.blank.slice();
    let at = this.at + 1;
    if (text.charCodeAt(at) === CLOSE) {
      this.at = at + 1;
      return row;
    }
    let guess = shape.first;
    let previous: ShapeField | undefined;
    for (;;) {
      let field = guess;
      if (field !== undefined && text.startsWith(field.opening, at)) {
        at += field.opening.length;
      } else {
        this.at = at;
        const key = this.key();
        field = shape.fields.get(key);
        if (field === undefined) this.skip();
        else if (previous !== undefined) previous.next = field;
        else shape.first = field;
        at = this.at;
      }
      if (field !== undefined) {
        this.at = at;
        row[field.slot] = field.slot === TYPENAME ? this.typename(field) : this.value(field, field.depth);
        at = this.at;
        previous = field;
        guess = field.next;
      }
      const code = text.charCodeAt(at);
      if (code === COMMA) at++;
      else if (code === CLOSE) break;
      else throw STRANGE;
    }
    this.at = at + 1;
    return row;
  }

  /** The same text for the same type, so that whatever is known of types need not read it again. */
  private typename(field: ShapeField): Value {
    const { typenames } = field;
    for (const known of typenames) {
      if (!this.text.startsWith(known, this.at)) continue;
      this.at += known.length;
      return known;
    }
    const value = this.value(field, field.depth);
    const isName = typeof value === 'string' && value.startsWith('"') && value.length < MAX_TYPENAME_LENGTH;
    if (isName && typenames.length < MAX_TYPENAMES) typenames.push(detached(value));
    return value;
  }

  private value(field: ShapeField, depth: number): Value {
    if (depth > 0) return this.list(field, depth);
    if (field.leaf !== undefined) return this.leaf(field.leaf);
    if (this.text.charCodeAt(this.at) === OPEN) return this.object(field.shape!);
    return this.null();
  }

  private list(field: ShapeField, depth: number): Value {
    const { text } = this;
    if (text.charCodeAt(this.at) !== OPEN_LIST) return this.null();
    const items: Value[] = [];
    this.at++;
    if (text.charCodeAt(this.at) === CLOSE_LIST) {
      this.at++;
      return new List(items);
    }
    for (;;) {
      items.push(this.value(field, depth - 1));
      const code = text.charCodeAt(this.at++);
      if (code === CLOSE_LIST) return new List(items);
      if (code !== COMMA) throw STRANGE;
    }
  }

  private leaf(leaf: Leaf): Value {
    const { text } = this;
    const start = this.at;
    const code = text.charCodeAt(start);
    if (code === LETTER_N) return this.null();
    if (leaf.kind === 'any') return this.any();
    if (code === QUOTE) {
      this.at = this.endOfString(start);
      const token = text.slice(start, this.at);
      if (leaf.kind === 'String' || leaf.kind === 'ID') return token;
      if (leaf.kind === 'enum' && leaf.values!.has(token)) return token;
      throw STRANGE;
    }
    const token = code === LETTER_T || code === LETTER_F ? this.boolean() : this.number();
    if (!isLeaf(leaf, token)) throw STRANGE;
    return token;
  }

  private any(): Value {
    const { text, at: start } = this;
    const code = text.charCodeAt(start);
    this.skip();
    if (code === OPEN || code === OPEN_LIST) return plainOrStrange(text.slice(start, this.at));
    if (code === QUOTE || code === LETTER_T || code === LETTER_F) return text.slice(start, this.at);
    return plainNumber(text.slice(start, this.at));
  }

  private null(): null {
    if (!this.text.startsWith('null', this.at)) throw STRANGE;
    this.at += 4;
    return null;
  }

  private boolean(): string {
    const word = this.text.startsWith('true', this.at) ? 'true' : 'false';
    if (!this.text.startsWith(word, this.at)) throw STRANGE;
    this.at += word.length;
    return word;
  }

  private number(): string {
    const { text, at: start } = this;
    let at = start;
    if (text.charCodeAt(at) === MINUS) at++;
    const first = at;
    while (isDigit(text.charCodeAt(at))) at++;
    const length = at - first;
    if (length === 0 || (length > 1 && text.charCodeAt(first) === ZERO)) throw STRANGE;
    let code = text.charCodeAt(at);
    if (code !== DOT && code !== LETTER_E && code !== BIG_E && length <= SAFE_DIGITS) {
      this.at = at;
      const token = text.slice(start, at);
      return token === '-0' ? '0' : token;
    }
    if (code === DOT) {
      at = this.digits(at + 1);
      code = text.charCodeAt(at);
    }
    if (code === LETTER_E || code === BIG_E) {
      const sign = text.charCodeAt(at + 1);
      at = this.digits(sign === PLUS || sign === MINUS ? at + 2 : at + 1);
    }
    this.at = at;
    return plainNumber(text.slice(start, at));
  }

  /** One at least. */
  private digits(start: number): number {
    let at = start;
    while (isDigit(this.text.charCodeAt(at))) at++;
    if (at === start) throw STRANGE;
    return at;
  }

  /** At the opening quote; where the text after the closing one begins. */
  private endOfString(start: number): number {
    const { text } = this;
    let quote = text.indexOf('"', start + 1);
    for (;;) {
      if (quote < 0) throw STRANGE;
      let slashes = 0;
      while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
      if (slashes % 2 === 0) return quote + 1;
      quote = text.indexOf('"', quote + 1);
    }
  }

  /** A key that may be written with escapes is too strange to be read here. */
  key(): string {
    const { text, at: start } = this;
    if (text.charCodeAt(start) !== QUOTE) throw STRANGE;
    const end = this.endOfString(start);
    const key = text.slice(start + 1, end - 1);
    if (text.charCodeAt(end) !== COLON || key.includes('\\')) throw STRANGE;
    this.at = end + 1;
    return key;
  }

  /** Passes over any value. */
  skip(): void {
    const { text, at: start } = this;
    const code = text.charCodeAt(start);
    if (code === QUOTE) this.at = this.endOfString(start);
    else if (code === OPEN || code === OPEN_LIST) this.skipNested();
    else if (code === LETTER_N) this.null();
    else if (code === LETTER_T || code === LETTER_F) this.boolean();
    else this.number();
  }

  private skipNested(): void {
    const { text, at: start } = this;
    let [at, depth] = [start, 0];
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        at = this.endOfString(at);
        continue;
      }
      if (code === OPEN || code === OPEN_LIST) depth++;
      else if (code === CLOSE || code === CLOSE_LIST) depth--;
      else if (Number.isNaN(code)) throw STRANGE;
      at++;
      if (depth === 0) break;
    }
    this.at = at;
    // Brackets that match in number are not JSON yet.
    plainOrStrange(text.slice(start, at));
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function plainOrStrange(text: string): string {
  try {
    return plainJson(text);
  } catch {
    // No JSON, or nested too deeply to be written again.
    throw STRANGE;
  }
}
