/** Filters of partial indexes: which are allowed, and which queries stay within one. */
import { MongoError } from '../errors.ts';
import { parseFilter } from '../query/parse-filter.ts';
import type { Condition, FieldPredicate, Predicate } from '../query/predicate.ts';
import type { Collator } from '../values/collation.ts';
import { compareValues, equalValues } from '../values/compare.ts';
import { describeValue } from '../values/describe.ts';
import { isNullish, isNumber, kindOf, typeRank } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import type { Doc, Value } from '../values/types.ts';

const ALLOWED = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$exists', '$type', '$in']);

export function parsePartialFilter(filter: Doc, collator: Collator | undefined): Predicate {
  const predicate = parseFilter(filter, collator ? { collator } : {});
  if (!isAllowed(predicate)) {
    const message = `Expression not supported in partial index: ${describeValue(filter)}`;
    throw new MongoError(67, 'CannotCreateIndex', message);
  }
  return predicate;
}

function isAllowed(predicate: Predicate): boolean {
  if (predicate.kind === 'and' || predicate.kind === 'or') return predicate.children.every(isAllowed);
  if (predicate.kind !== 'field' || !ALLOWED.has(predicate.condition.operator)) return false;
  return predicate.condition.operator !== '$in' || predicate.condition.regexes.length === 0;
}

/** Whether every document that matches the query matches the partial filter too. */
export function staysWithin(query: Predicate, partial: Predicate, collator: Collator | undefined): boolean {
  const known = conjuncts(query);
  return conjuncts(partial).every((wanted) => {
    if (wanted.kind === 'or') return wanted.children.some((branch) => staysWithin(query, branch, collator));
    if (wanted.kind !== 'field') return false;
    return known.some((each) => each.kind === 'field' && implies(each, wanted, collator));
  });
}

function conjuncts(predicate: Predicate): Predicate[] {
  return predicate.kind === 'and' ? predicate.children.flatMap(conjuncts) : [predicate];
}

function implies(known: FieldPredicate, wanted: FieldPredicate, collator: Collator | undefined): boolean {
  if (known.path !== wanted.path) return false;
  const { condition } = known;
  switch (condition.operator) {
    case '$eq':
      return valueImplies(condition.value, wanted, collator);
    case '$in':
      return (
        condition.regexes.length === 0 &&
        condition.values.every((value) => valueImplies(value, wanted, collator))
      );
    case '$exists':
      return wanted.condition.operator === '$exists';
    case '$type':
      return typeImplies(condition.kinds, wanted.condition);
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return rangeImplies(condition, wanted.condition, collator);
    default:
      return false;
  }
}

function valueImplies(value: Value, wanted: FieldPredicate, collator: Collator | undefined): boolean {
  // Null also matches what is missing, and an array is found by its elements as well as whole.
  if (isNullish(value) || Array.isArray(value)) {
    const { condition } = wanted;
    return condition.operator === '$eq' && equalValues(value, condition.value, collator);
  }
  return wanted.test(value);
}

function typeImplies(kinds: ReadonlySet<string>, wanted: Condition): boolean {
  if (wanted.operator === '$exists') return true;
  return wanted.operator === '$type' && [...kinds].every((kind) => wanted.kinds.has(kind as never));
}

type Range = Extract<Condition, { value: Value }>;

function rangeImplies(known: Range, wanted: Condition, collator: Collator | undefined): boolean {
  if (['null', 'minKey', 'maxKey', 'array'].includes(kindOf(known.value))) return false;
  if (wanted.operator === '$exists') return true;
  if (!('value' in wanted) || wanted.operator === '$eq') return false;
  // Nothing is greater or less than NaN, whatever place it has in the order.
  if (isNaNValue(known.value) || isNaNValue(wanted.value)) return false;
  if (typeRank(known.value) !== typeRank(wanted.value)) return false;
  const isUp = (operator: string) => operator.startsWith('$g');
  if (isUp(known.operator) !== isUp(wanted.operator)) return false;
  const order = compareValues(known.value, wanted.value, collator) * (isUp(wanted.operator) ? 1 : -1);
  return order > 0 || (order === 0 && (wanted.operator.endsWith('e') || !known.operator.endsWith('e')));
}

function isNaNValue(value: Value): boolean {
  return isNumber(value) && Number.isNaN(toNumber(value));
}
