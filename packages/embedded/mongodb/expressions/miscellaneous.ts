// Operators of no family, and those that are refused.
import { Timestamp } from 'bson';
import { location, MongoError } from '../errors.ts';
import { isDoc, isNullish, kindOf } from '../values/kind.ts';
import { makeDouble, makeLong } from '../values/numbers.ts';
import type { OperatorCompiler, OperatorTable } from './expression.ts';
import { unary } from './operands.ts';
import { compileSortArray } from './sort-array.ts';

const compileRand: OperatorCompiler = (operand) => {
  const withoutArguments = (isDoc(operand) || Array.isArray(operand)) && Object.keys(operand).length === 0;
  if (!withoutArguments) throw location(3040501, '$rand does not currently accept arguments');
  return () => makeDouble(Math.random());
};

function timestampPart(code: number, read: (value: Timestamp) => number): OperatorCompiler {
  return unary((value, name) => {
    if (isNullish(value)) return null;
    if (value instanceof Timestamp) return makeLong(read(value));
    throw location(code, ` Argument to ${name} must be a timestamp, but is ${kindOf(value)}`);
  });
}

const META = new Set([
  'textScore',
  'randVal',
  'searchScore',
  'searchHighlights',
  'geoNearDistance',
  'geoNearPoint',
  'recordId',
  'indexKey',
  'sortKey',
  'searchScoreDetails',
]);

/** There is neither text nor geo search here, so no document carries such data. */
const compileMeta: OperatorCompiler = (operand) => {
  if (typeof operand !== 'string') throw location(17307, '$meta only supports string arguments');
  if (!META.has(operand)) throw location(17308, `Unsupported argument to $meta: ${operand}`);
  throw location(40218, `query requires ${operand} metadata, but it is not available`);
};

function refused(code: number, codeName: string, message: string): OperatorCompiler {
  return () => {
    throw new MongoError(code, codeName, message);
  };
}

const NO_JAVASCRIPT = 'server-side JavaScript is not supported';

export const miscellaneousOperators: OperatorTable = {
  $sortArray: compileSortArray,
  $rand: compileRand,
  $tsSecond: timestampPart(5687301, ({ t }) => t),
  $tsIncrement: timestampPart(5687302, ({ i }) => i),
  $meta: compileMeta,
  $function: refused(238, 'NotImplemented', `$function is not supported: ${NO_JAVASCRIPT}`),
  $accumulator: refused(168, 'InvalidPipelineOperator', "Unrecognized expression '$accumulator'"),
  $toHashedIndexKey: refused(
    238,
    'NotImplemented',
    '$toHashedIndexKey is not supported: there are no hashed indexes',
  ),
};
