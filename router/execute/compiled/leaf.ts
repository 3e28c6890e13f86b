/** Scalars as JSON text: which text is a value of which type. */
import { type GraphQLLeafType, type GraphQLSchema, isEnumType, isSpecifiedScalarType } from 'graphql';
import { parseWire, wireJson } from '../wire-text.ts';

export type LeafKind = 'String' | 'Int' | 'Float' | 'Boolean' | 'ID' | 'enum' | 'any';

export interface Leaf {
  kind: LeafKind;
  /** Values of an enum, quoted. */
  values?: ReadonlySet<string>;
}

const LEAVES: Record<string, Leaf> = {
  String: { kind: 'String' },
  Int: { kind: 'Int' },
  Float: { kind: 'Float' },
  Boolean: { kind: 'Boolean' },
  ID: { kind: 'ID' },
};
const ANY: Leaf = { kind: 'any' };

/** Values that clients do not know count as none, hence the schema that they see. */
export function leafOf(type: GraphQLLeafType, apiSchema: GraphQLSchema): Leaf {
  if (isSpecifiedScalarType(type)) return LEAVES[type.name]!;
  const seen = apiSchema.getType(type.name) ?? type;
  if (!isEnumType(seen)) return ANY;
  const known = enums.get(seen);
  if (known) return known;
  const made: Leaf = { kind: 'enum', values: new Set(seen.getValues().map(({ name }) => wireJson(name))) };
  enums.set(seen, made);
  return made;
}

/** One for each type, so that they can be compared. */
const enums = new WeakMap<object, Leaf>();

/** What the reference executor takes for a value of the type: a whole number for an Int of any size, for one. */
export function isLeaf(leaf: Leaf, text: string): boolean {
  if (leaf.kind === 'any') return true;
  const first = text.charCodeAt(0);
  if (first === 34) {
    if (leaf.kind === 'enum') return leaf.values!.has(text);
    return leaf.kind === 'String' || leaf.kind === 'ID';
  }
  if (first === 45 || (first >= 48 && first <= 57)) {
    if (leaf.kind === 'Int' || leaf.kind === 'ID') return isWhole(text);
    return leaf.kind === 'Float';
  }
  return (text === 'true' || text === 'false') && leaf.kind === 'Boolean';
}

/** Of a number in JSON's grammar: whether it has neither a fraction nor an exponent. */
function isWhole(text: string): boolean {
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** Digits that a double is sure to keep. */
const SAFE_DIGITS = 15;
/** Written the one way that JSON.stringify writes it. */
const PLAIN = /^-?(?:0|[1-9]\d{0,14})$|^-?(?:0|[1-9]\d{0,7})\.\d{0,5}[1-9]$/;

/**
 * A number as JavaScript would write it (`1` for `1.0`), unless a double would lose digits of it: then the text stays.
 * The text is a number in JSON's grammar.
 */
export function plainNumber(text: string): string {
  if (PLAIN.test(text) && text !== '-0') return text;
  const plain = JSON.stringify(Number(text));
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/^[-0.]+|\./g, '')
    .replace(/0+$/, '').length;
  return digits > SAFE_DIGITS && plain !== 'null' ? text : plain;
}

const LONG_NUMBER = /\d{16}|\d{8}\.\d{8}/;

/** A value of any kind in the text that JSON.stringify gives it, long numbers apart. Throws when it is no JSON. */
export function plainJson(text: string): string {
  const value = parseWire(text);
  if (LONG_NUMBER.test(text)) return text;
  try {
    return wireJson(value);
  } catch {
    // Nested deeper than JSON.stringify goes, which calls itself for each level; as it came it can be passed on.
    return text;
  }
}
