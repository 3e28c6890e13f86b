/** $pop, $pull, $pullAll and $addToSet. */
import { badValue, failedToParse, typeMismatch } from '../errors.ts';
import { parseLong } from '../query/integers.ts';
import { docMatcher, elementDocMatcher } from '../query/match.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { isFieldOperator } from '../query/parse-operators.ts';
import type { QueryOptions } from '../query/predicate.ts';
import type { Collator } from '../values/collation.ts';
import { equalValues } from '../values/compare.ts';
import { describeValue } from '../values/describe.ts';
import { docFrom, getField } from '../values/fields.ts';
import { hashKey } from '../values/hash-key.ts';
import { isDoc, isRegex, kindOf } from '../values/kind.ts';
import type { Value } from '../values/types.ts';
import type { Modifier } from './modifier.ts';

export function popModifier(path: string, operand: Value): Modifier {
  const end = parseLong(path, operand);
  if (end !== 1n && end !== -1n) throw failedToParse(`$pop expects 1 or -1, found: ${end}`);
  return {
    refusesBlockedPath: true,
    change(value, target) {
      if (!Array.isArray(value)) {
        throw typeMismatch(`Path '${target.path}' contains an element of non-array type '${kindOf(value)}'`);
      }
      if (value.length === 0) return value;
      return end === 1n ? value.slice(0, -1) : value.slice(1);
    },
  };
}

export function pullModifier(operand: Value, options: QueryOptions): Modifier {
  return cullingModifier(pullTest(operand, options));
}

/** The operand is a filter for documents, a condition for any element, or a value to equal. */
function pullTest(operand: Value, options: QueryOptions): (item: Value) => boolean {
  const isCondition = isDoc(operand) && isFieldOperator(Object.keys(operand)[0] ?? '');
  if (isDoc(operand) && !isCondition) {
    const matches = docMatcher(parseFilter(operand, options, true));
    return (item) => isDoc(item) && matches(item);
  }
  if (isCondition || isRegex(operand)) {
    // Wrapping both sides under one name lets the filter see elements of every kind.
    const matches = elementDocMatcher(parseFilter(docFrom([['', operand]]), options, true));
    return (item) => matches(docFrom([['', item]]));
  }
  return (item) => equalValues(item, operand, options.collator);
}

export function pullAllModifier(operand: Value, collator?: Collator): Modifier {
  if (!Array.isArray(operand)) {
    throw badValue(`$pullAll requires an array argument but was given a ${kindOf(operand)}`);
  }
  return cullingModifier((item) => operand.some((unwanted) => equalValues(item, unwanted, collator)));
}

function cullingModifier(isUnwanted: (item: Value) => boolean): Modifier {
  return {
    refusesBlockedPath: true,
    change(value) {
      if (!Array.isArray(value)) throw badValue('Cannot apply $pull to a non-array value');
      const kept = value.filter((item) => !isUnwanted(item));
      return kept.length === value.length ? value : kept;
    },
  };
}

export function addToSetModifier(operand: Value, collator?: Collator): Modifier {
  const wanted = distinct(addToSetItems(operand), collator);
  return {
    change(value, { field }) {
      if (!Array.isArray(value)) {
        throw badValue(
          `Cannot apply $addToSet to non-array field. Field named '${field}' has non-array type ${kindOf(value)}`,
        );
      }
      const added = missingFrom(value, wanted, collator);
      return added.length === 0 ? value : [...value, ...added];
    },
    create: () => wanted,
  };
}

function addToSetItems(operand: Value): Value[] {
  if (!isDoc(operand) || Object.keys(operand)[0] !== '$each') return [operand];
  const each = getField(operand, '$each');
  if (!Array.isArray(each)) {
    throw typeMismatch(
      `The argument to $each in $addToSet must be an array but it was of type ${kindOf(each)}`,
    );
  }
  if (Object.keys(operand).length > 1) {
    throw badValue(`Found unexpected fields after $each in $addToSet: ${describeValue(operand)}`);
  }
  return each;
}

function distinct(items: Value[], collator: Collator | undefined): Value[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = hashKey(item, collator);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** One by one for a few; by hash for many, lest a big $each on a big array take for ever. */
function missingFrom(array: Value[], wanted: Value[], collator: Collator | undefined): Value[] {
  if (wanted.length < 8) {
    return wanted.filter((item) => !array.some((existing) => equalValues(existing, item, collator)));
  }
  const existing = new Set(array.map((item) => hashKey(item, collator)));
  return wanted.filter((item) => !existing.has(hashKey(item, collator)));
}
