/** `{field: {$operator: operand, ...}}` into predicates on that field. */
import { badValue, location, MongoError } from '../errors.ts';
import { truthOf } from '../values/conversions.ts';
import { getField, hasField } from '../values/fields.ts';
import { isDoc, isRegex } from '../values/kind.ts';
import { splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { comparisonTest, membershipTest, regexTest } from './comparison-tests.ts';
import {
  type BitOperator,
  bitTest,
  modTest,
  parseSize,
  parseTypes,
  sizeTest,
  typeTest,
} from './element-tests.ts';
import { elementDocMatcher, elementMatcher } from './match.ts';
import {
  allOf,
  type Comparison,
  type Condition,
  type ElementTest,
  type FieldPredicate,
  type ParseContext,
  type Predicate,
} from './predicate.ts';

/** Whether `{...}` holds operators rather than being a value; `{$ref, $id}` is a value. */
export function isOperatorDoc(doc: Doc, incompleteDbRefToo = false): boolean {
  const [first] = Object.keys(doc);
  if (first === undefined || !first.startsWith('$')) return false;
  const hasRef = hasField(doc, '$ref');
  const hasId = hasField(doc, '$id');
  return incompleteDbRefToo ? !(hasRef || hasId || hasField(doc, '$db')) : !(hasRef && hasId);
}

export function parseOperators(path: string, operators: Doc, context: ParseContext): Predicate[] {
  const predicates: Predicate[] = [];
  for (const name of Object.keys(operators)) {
    const predicate = parseOperator(path, name, getField(operators, name)!, operators, context);
    if (predicate) predicates.push(predicate);
  }
  return predicates;
}

type OperatorParser = (
  path: string,
  operand: Value,
  context: ParseContext,
  name: string,
  siblings: Doc,
) => Predicate | undefined;

function parseOperator(
  path: string,
  name: string,
  operand: Value,
  siblings: Doc,
  context: ParseContext,
): Predicate | undefined {
  const parse = operators.get(name);
  if (parse) return parse(path, operand, context, name, siblings);
  if (name === '$where') throw badValue('$where cannot be applied to a field');
  throw badValue(`unknown operator: ${name}`);
}

const operators = new Map<string, OperatorParser>([
  ['$eq', parseComparison],
  ['$gt', parseComparison],
  ['$gte', parseComparison],
  ['$lt', parseComparison],
  ['$lte', parseComparison],
  ['$ne', parseNotEqual],
  ['$in', parseIn],
  ['$nin', (path, operand, context, name, siblings) => not(parseIn(path, operand, context, name, siblings))],
  ['$not', parseNot],
  ['$exists', parseExists],
  ['$type', parseType],
  ['$size', (path, operand) => whole(path, { operator: '$size' }, sizeTest(parseSize(operand)))],
  ['$mod', (path, operand) => field(path, { operator: '$mod' }, modTest(operand))],
  ['$regex', parseRegex],
  ['$options', requireRegex],
  ['$elemMatch', parseElemMatch],
  ['$all', parseAll],
  ['$bitsAllSet', parseBits],
  ['$bitsAllClear', parseBits],
  ['$bitsAnySet', parseBits],
  ['$bitsAnyClear', parseBits],
  ['$near', refuseNear],
  ['$nearSphere', refuseNear],
  ['$geoNear', refuseNear],
]);

export const fieldOperatorNames: readonly string[] = [...operators.keys()];

/** Whether the name is an operator on a field, such as $gt. */
export function isFieldOperator(name: string): boolean {
  return operators.has(name);
}

function field(path: string, condition: Condition, test: ElementTest): FieldPredicate {
  return { kind: 'field', path, segments: splitPath(path), spreadLeaf: true, test, condition };
}

/** A predicate on the array itself, not on its elements. */
function whole(path: string, condition: Condition, test: ElementTest): FieldPredicate {
  return { ...field(path, condition, test), spreadLeaf: false };
}

function not(child: Predicate): Predicate {
  return { kind: 'not', child };
}

function parseComparison(path: string, operand: Value, context: ParseContext, name: string): Predicate {
  const operator = name as Comparison;
  if (operator !== '$eq' && isRegex(operand)) {
    throw badValue(`Can't have RegEx as arg to predicate over field '${path}'.`);
  }
  const test = comparisonTest(operator, operand, context.options.collator);
  return field(path, { operator, value: operand }, test);
}

function parseNotEqual(path: string, operand: Value, context: ParseContext): Predicate {
  if (isRegex(operand)) throw badValue("Can't have regex as arg to $ne.");
  return not(parseComparison(path, operand, context, '$eq'));
}

function parseIn(
  path: string,
  operand: Value,
  context: ParseContext,
  name: string,
  _siblings: Doc,
): Predicate {
  if (!Array.isArray(operand)) throw badValue(`${name} needs an array`);
  if (operand.some((item) => isDoc(item) && isOperatorDoc(item))) throw badValue('cannot nest $ under $in');
  const regexes = operand.filter(isRegex);
  const values = operand.filter((item) => !isRegex(item));
  const test = membershipTest(values, regexes, context.options.collator);
  return field(path, { operator: '$in', values, regexes }, test);
}

function parseNot(path: string, operand: Value, context: ParseContext): Predicate {
  if (isRegex(operand)) return not(regexPredicate(path, operand.pattern, operand.options));
  if (!isDoc(operand)) throw badValue('$not needs a regex or a document');
  if (Object.keys(operand).length === 0) throw badValue('$not cannot be empty');
  return not(allOf(parseOperators(path, operand, context)));
}

function parseExists(path: string, operand: Value): Predicate {
  const exists = field(path, { operator: '$exists' }, (value) => value !== undefined);
  return truthOf(operand) ? exists : not(exists);
}

function parseType(path: string, operand: Value): Predicate {
  const kinds = parseTypes(path, operand);
  return field(path, { operator: '$type', kinds }, typeTest(kinds));
}

function parseBits(path: string, operand: Value, _context: ParseContext, name: string): Predicate {
  return field(path, { operator: '$bits' }, bitTest(name as BitOperator, path, operand));
}

export function regexPredicate(path: string, pattern: string, options: string): Predicate {
  return field(path, { operator: '$regex', pattern, options }, regexTest(pattern, options));
}

function parseRegex(
  path: string,
  operand: Value,
  _context: ParseContext,
  _name: string,
  siblings: Doc,
): Predicate {
  let pattern: string;
  let options = '';
  if (typeof operand === 'string') {
    pattern = operand;
  } else if (isRegex(operand)) {
    pattern = operand.pattern;
    options = operand.options;
  } else {
    throw badValue('$regex has to be a string');
  }
  const given = getField(siblings, '$options');
  if (given !== undefined) {
    if (typeof given !== 'string') throw badValue('$options has to be a string');
    if (options !== '') throw location(51075, 'options set in both $regex and $options');
    options = given;
  }
  return regexPredicate(path, pattern, options);
}

function requireRegex(
  _path: string,
  _operand: Value,
  _context: ParseContext,
  _name: string,
  siblings: Doc,
): undefined {
  if (!hasField(siblings, '$regex')) throw badValue('$options needs a $regex');
}

function parseElemMatch(path: string, operand: Value, context: ParseContext): Predicate {
  if (!isDoc(operand)) throw badValue('$elemMatch needs an Object');
  const inner: ParseContext = { ...context, inElement: true };
  const [first] = Object.keys(operand);
  if (isOperatorDoc(operand, true) && !context.isTopLevelOperator(first!)) {
    const conditions = parseOperators('', operand, inner);
    const test = elementMatcher({ kind: 'and', children: conditions });
    return someElement(path, { operator: '$elemMatch', conditions }, test);
  }
  const child = context.parseDoc(operand, inner);
  return someElement(path, { operator: '$elemMatchObject', child }, elementDocMatcher(child));
}

function someElement(path: string, condition: Condition, test: ElementTest): FieldPredicate {
  const predicate = whole(
    path,
    condition,
    (value) => Array.isArray(value) && value.some((item) => test(item)),
  );
  return { ...predicate, findElement: (array) => array.findIndex((item) => test(item)) };
}

function parseAll(path: string, operand: Value, context: ParseContext, name: string): Predicate {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  if (operand.length === 0) return { kind: 'always', value: false };
  if (elemMatchOf(operand[0]) !== undefined) {
    const children = operand.map((item) => {
      const elemMatch = elemMatchOf(item);
      if (elemMatch === undefined) throw badValue('$all/$elemMatch has to be consistent');
      return parseElemMatch(path, elemMatch, context);
    });
    return allOf(children);
  }
  const children = operand.map((item): Predicate => {
    if (isRegex(item)) return regexPredicate(path, item.pattern, item.options);
    if (isDoc(item) && isFieldOperator(Object.keys(item)[0] ?? ''))
      throw badValue(`no $ expressions in ${name}`);
    return parseComparison(path, item, context, '$eq');
  });
  return allOf(children);
}

/** The operand of `{$elemMatch: ...}` standing first. */
function elemMatchOf(item: Value | undefined): Value | undefined {
  return isDoc(item) && Object.keys(item)[0] === '$elemMatch' ? getField(item, '$elemMatch') : undefined;
}

function refuseNear(): never {
  throw new MongoError(
    291,
    'NoQueryExecutionPlans',
    'error processing query: planner returned error :: caused by :: unable to find index for $geoNear query',
  );
}
