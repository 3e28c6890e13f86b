/** Collations by name, on the ICU that Node carries. */
import { badValue, location, MongoError } from '../errors.ts';
import { getField } from './fields.ts';
import { isNumber, kindOf } from './kind.ts';
import { toNumber } from './number-kinds.ts';
import type { Doc, Value } from './types.ts';

export interface Collator {
  compare(a: string, b: string): number;
  /**
   * The same string exactly for strings that compare equal. A collator remembers the strings it was asked
   * for, so one that lives as long as the server would grow: make one for each command.
   */
  key(text: string): string;
}

const booleanFields = new Set(['caseLevel', 'numericOrdering', 'backwards', 'normalization']);
const otherFields = new Set(['locale', 'strength', 'caseFirst', 'alternate', 'maxVariable', 'version']);

/** A collator for a collation document; undefined for none and for `{locale: 'simple'}`. */
export function makeCollator(spec: Doc | undefined): Collator | undefined {
  if (spec === undefined) return undefined;
  checkFields(spec);
  const locale = getField(spec, 'locale');
  if (locale === undefined) {
    throw new MongoError(
      40414,
      'Location40414',
      "BSON field 'collation.locale' is missing but a required field",
    );
  }
  if (typeof locale !== 'string') throw wrongType('locale', locale, 'string');
  if (locale === 'simple') {
    if (Object.keys(spec).length > 1) {
      throw badValue(`Collation specification with locale 'simple' can take no other fields`);
    }
    return undefined;
  }
  return collatorOver(intlCollator(locale, readOptions(spec)));
}

interface Settings {
  strength: number;
  caseLevel: boolean;
  caseFirst: 'upper' | 'lower' | 'false';
  numeric: boolean;
  ignorePunctuation: boolean;
}

function readOptions(spec: Doc): Settings {
  const strength = readStrength(getField(spec, 'strength'));
  const caseFirst = readChoice(spec, 'caseFirst', ['off', 'upper', 'lower']);
  const alternate = readChoice(spec, 'alternate', ['non-ignorable', 'shifted']);
  if (readChoice(spec, 'maxVariable', ['punct', 'space']) === 'space') {
    throw badValue("Collation option 'maxVariable: space' is not supported");
  }
  if (getField(spec, 'backwards') === true) {
    throw badValue("Collation option 'backwards: true' is not supported");
  }
  return {
    strength,
    caseLevel: getField(spec, 'caseLevel') === true,
    caseFirst: caseFirst === 'upper' || caseFirst === 'lower' ? caseFirst : 'false',
    numeric: getField(spec, 'numericOrdering') === true,
    ignorePunctuation: alternate === 'shifted',
  };
}

function checkFields(spec: Doc): void {
  for (const name of Object.keys(spec)) {
    const value = getField(spec, name);
    if (booleanFields.has(name)) {
      if (typeof value !== 'boolean') throw wrongType(name, value, 'bool');
    } else if (!otherFields.has(name)) {
      throw location(40415, `BSON field 'collation.${name}' is an unknown field.`);
    }
  }
}

function readStrength(value: Value | undefined): number {
  if (value === undefined) return 3;
  if (!isNumber(value)) throw wrongType('strength', value, 'int');
  const strength = toNumber(value);
  if (![1, 2, 3, 4, 5].includes(strength)) {
    throw badValue(`Enumeration value '${strength}' for field 'collation.strength' is not a valid value.`);
  }
  if (strength > 3) throw badValue(`Collation strength ${strength} is not supported`);
  return strength;
}

function readChoice(spec: Doc, name: string, choices: string[]): string {
  const value = getField(spec, name);
  if (value === undefined) return choices[0]!;
  if (typeof value !== 'string') throw wrongType(name, value, 'string');
  if (!choices.includes(value)) {
    throw badValue(`Enumeration value '${value}' for field 'collation.${name}' is not a valid value.`);
  }
  return value;
}

function wrongType(name: string, value: Value | undefined, expected: string): MongoError {
  const message = `BSON field 'collation.${name}' is the wrong type '${kindOf(value)}', expected type '${expected}'`;
  return new MongoError(14, 'TypeMismatch', message);
}

const intlCollators = new Map<string, Intl.Collator>();

/** Making an Intl.Collator takes some 50 µs, so they are kept; the choices are few. */
function intlCollator(locale: string, settings: Settings): Intl.Collator {
  const cacheKey = `${locale} ${JSON.stringify(settings)}`;
  const known = intlCollators.get(cacheKey);
  if (known) return known;
  const { strength, caseLevel } = settings;
  const base = caseLevel ? 'case' : 'base';
  const accent = caseLevel ? 'variant' : 'accent';
  const collator = new Intl.Collator(checkLocale(locale), {
    usage: 'sort',
    sensitivity: strength === 1 ? base : strength === 2 ? accent : 'variant',
    numeric: settings.numeric,
    caseFirst: settings.caseFirst,
    ignorePunctuation: settings.ignorePunctuation,
  });
  // A client may invent regional variants without end.
  if (intlCollators.size >= 1_000) intlCollators.clear();
  intlCollators.set(cacheKey, collator);
  return collator;
}

/** MongoDB's locales look like `en_US` and `de@collation=phonebook`. */
function checkLocale(locale: string): string {
  const [language = '', variant] = locale.split('@collation=');
  const tag = language.replaceAll('_', '-') + (variant ? `-u-co-${intlVariants[variant] ?? variant}` : '');
  let supported: string[] = [];
  // No locale needs so many letters, and each that is accepted is kept.
  if (tag.length > 100)
    throw badValue(`Field 'locale' is invalid in: { locale: "${locale.slice(0, 100)}..." }`);
  try {
    supported = Intl.Collator.supportedLocalesOf(tag);
  } catch {
    // A malformed tag throws a RangeError: refused below like an unknown one.
  }
  if (supported.length === 0) throw badValue(`Field 'locale' is invalid in: { locale: "${locale}" }`);
  return tag;
}

const intlVariants: Record<string, string> = {
  phonebook: 'phonebk',
  dictionary: 'dict',
  traditional: 'trad',
  standard: 'standard',
};

function collatorOver(intl: Intl.Collator): Collator {
  const representatives = new Map<string, string>();
  const sorted: string[] = [];
  return {
    compare: intl.compare,
    key(text) {
      const known = representatives.get(text);
      if (known !== undefined) return known;
      const at = lowerBound(sorted, text, intl.compare);
      const candidate = sorted[at];
      const found = candidate !== undefined && intl.compare(candidate, text) === 0;
      const representative = found ? candidate : text;
      if (!found) sorted.splice(at, 0, text);
      representatives.set(text, representative);
      return representative;
    },
  };
}

function lowerBound(sorted: string[], text: string, compare: (a: string, b: string) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle]!, text) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
