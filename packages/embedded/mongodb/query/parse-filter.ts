/** Filters into predicates: everything that can be wrong with a filter is found here. */

import { badValue, failedToParse, location, MongoError } from '../errors.ts';
import { compileExpression } from '../expressions/compile.ts';
import { truthOf } from '../values/conversions.ts';
import { getField } from '../values/fields.ts';
import { isDoc, isNumber, isRegex } from '../values/kind.ts';
import { toNumber } from '../values/numbers.ts';
import { splitPath } from '../values/paths.ts';
import type { Doc, Value } from '../values/types.ts';
import { equalityTest } from './comparison-tests.ts';
import { parseLong } from './integers.ts';
import { compileJsonSchema } from './json-schema.ts';
import { isOperatorDoc, parseOperators, regexPredicate } from './parse-operators.ts';
import { allOf, type ParseContext, type Predicate, type QueryOptions } from './predicate.ts';

const MAX_PATH_PARTS = 200;

export function parseFilter(filter: Doc, options: QueryOptions, restricted = false): Predicate {
  return parseDoc(filter, {
    options,
    restricted,
    inElement: false,
    isTopLevelOperator: (name) => topLevelOperators.has(name),
    parseDoc,
  });
}

function parseDoc(filter: Doc, context: ParseContext): Predicate {
  const children: Predicate[] = [];
  for (const name of Object.keys(filter)) {
    const operand = getField(filter, name)!;
    if (name.startsWith('$')) {
      const predicate = parseTopLevel(name, operand, context);
      if (predicate) children.push(predicate);
    } else {
      children.push(...parseField(name, operand, context));
    }
  }
  return allOf(children);
}

function parseField(path: string, operand: Value, context: ParseContext): Predicate[] {
  const segments = splitPath(path);
  if (segments.length > MAX_PATH_PARTS) throw location(5729100, 'FieldPath is too long');
  if (isDoc(operand) && isOperatorDoc(operand)) return parseOperators(path, operand, context);
  if (isRegex(operand)) return [regexPredicate(path, operand.pattern, operand.options)];
  return [equality(path, operand, context)];
}

function equality(path: string, operand: Value, context: ParseContext): Predicate {
  return {
    kind: 'field',
    path,
    segments: splitPath(path),
    spreadLeaf: true,
    test: equalityTest(operand, context.options.collator),
    condition: { operator: '$eq', value: operand },
  };
}

type TopLevelParser = (operand: Value, context: ParseContext, name: string) => Predicate | undefined;

const topLevelOperators = new Map<string, TopLevelParser>([
  ['$and', parseLogical],
  ['$or', parseLogical],
  ['$nor', parseLogical],
  ['$comment', () => undefined],
  ['$expr', parseExpr],
  ['$sampleRate', parseSampleRate],
  ['$alwaysTrue', parseAlways],
  ['$alwaysFalse', parseAlways],
  ['$ref', parseDbRefField],
  ['$id', parseDbRefField],
  ['$db', parseDbRefField],
  ['$jsonSchema', parseJsonSchema],
  ['$where', refuseWhere],
  ['$text', refuseText],
]);

export const topLevelOperatorNames: readonly string[] = [...topLevelOperators.keys()];

function parseTopLevel(name: string, operand: Value, context: ParseContext): Predicate | undefined {
  const parse = topLevelOperators.get(name);
  if (parse) return parse(operand, context, name);
  const hint =
    name === '$not'
      ? 'If you are trying to negate an entire expression, use $nor.'
      : "If you have a field name that starts with a '$' symbol, consider using $getField or $setField.";
  throw badValue(`unknown top level operator: ${name}. ${hint}`);
}

function parseLogical(operand: Value, context: ParseContext, name: string): Predicate {
  if (!Array.isArray(operand)) throw badValue(`${name} must be an array`);
  if (operand.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
  const children = operand.map((item) => {
    if (!isDoc(item)) throw badValue('$or/$and/$nor entries need to be full objects');
    return parseDoc(item, context);
  });
  return { kind: name.slice(1) as 'and' | 'or' | 'nor', children };
}

function parseExpr(operand: Value, context: ParseContext): Predicate {
  if (context.inElement) throw badValue('$expr can only be applied to the top-level document');
  if (context.restricted) throw notAllowed('$expr');
  const { collator, variables = {}, now = new Date() } = context.options;
  const known = new Set(Object.keys(variables));
  const evaluate = compileExpression(
    operand,
    collator ? { collator, variables: known, now } : { variables: known, now },
  );
  return {
    kind: 'document',
    operator: '$expr',
    test: (doc) => truthOf(evaluate({ root: doc, current: doc, variables })),
  };
}

function parseSampleRate(operand: Value, context: ParseContext): Predicate {
  if (context.inElement) throw badValue('$sampleRate can only be applied to the top-level document');
  if (!isNumber(operand)) throw badValue('argument to $sampleRate must be a numeric type');
  const rate = toNumber(operand);
  if (!(rate >= 0 && rate <= 1)) throw badValue('numeric argument to $sampleRate must be in [0, 1]');
  return { kind: 'document', operator: '$sampleRate', test: () => Math.random() < rate };
}

function parseAlways(operand: Value, _context: ParseContext, name: string): Predicate {
  if (parseLong(name, operand) !== 1n) throw failedToParse(`${name} must be an integer value of 1`);
  return { kind: 'always', value: name === '$alwaysTrue' };
}

function parseDbRefField(operand: Value, context: ParseContext, name: string): Predicate {
  const options: QueryOptions = name === '$id' ? context.options : {};
  return equality(name, operand, { ...context, options });
}

function notAllowed(name: string): MongoError {
  return new MongoError(224, 'QueryFeatureNotAllowed', `${name} is not allowed in this context`);
}

function parseJsonSchema(operand: Value, context: ParseContext): Predicate {
  if (context.restricted) throw notAllowed('$jsonSchema');
  return { kind: 'document', operator: '$jsonSchema', test: compileJsonSchema(operand) };
}

function refuseWhere(_operand: Value, context: ParseContext): never {
  if (context.inElement) throw badValue('$where can only be applied to the top-level document');
  if (context.restricted) throw badValue('$where is not allowed in this context');
  throw badValue('no globalScriptEngine in $where parsing');
}

function refuseText(_operand: Value, context: ParseContext): never {
  if (context.inElement) throw badValue('$text can only be applied to the top-level document');
  if (context.restricted) throw badValue('$text is not allowed in this context');
  throw new MongoError(27, 'IndexNotFound', 'text index required for $text query');
}
