// $fill: null and missing fields get a value, or one reckoned from the documents around.
import { failedToParse, location } from '../errors.ts';
import { docFrom, isEmptyDoc } from '../values/fields.ts';
import { isDoc, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import { checkedFields } from './fields.ts';
import type { StageCompiler } from './stage.ts';

const METHODS = new Map([
  ['linear', '$linearFill'],
  ['locf', '$locf'],
]);

/** Stands for a $setWindowFields, which fills by method, and an $addFields, which fills by value. */
export const compileFill: StageCompiler = (spec, context, { name }) => {
  if (!isDoc(spec)) {
    throw failedToParse(`The ${name} stage specification must be an object, found ${kindOf(spec)}`);
  }
  const { partitionBy, partitionByFields, sortBy, output } = checkedFields(spec, name, {
    partitionBy: { kinds: ['object', 'string'] },
    partitionByFields: { kinds: ['array'] },
    sortBy: { kinds: ['object'] },
    output: { kinds: ['object'], required: true },
  });
  if (isEmptyDoc(output as Doc)) {
    throw location(6050203, "The output field in '$fill' must contain an object with at least one element");
  }
  const { methods, values } = splitOutput(output as Doc, name);
  if (partitionBy !== undefined && partitionByFields !== undefined) {
    throw location(
      6050204,
      "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'",
    );
  }
  const partition = partitionByFields === undefined ? partitionBy : fieldsAsKey(partitionByFields as Value[]);
  const windows = docFrom([
    ['partitionBy', partition],
    ['sortBy', sortBy],
    ['output', methods],
  ]);
  const stages: Value[] = [];
  if (!isEmptyDoc(methods)) stages.push(docFrom([['$setWindowFields', windows]]));
  if (!isEmptyDoc(values)) stages.push(docFrom([['$addFields', values]]));
  return context.compile(stages, context.place);
};

function splitOutput(output: Doc, name: string): { methods: Doc; values: Doc } {
  const methods: [string, Value][] = [];
  const values: [string, Value][] = [];
  for (const field of Object.keys(output)) {
    if (!isDoc(output[field])) {
      throw location(6050200, 'Each fill output specification must be an object with exactly one field');
    }
    const { method, value } = checkedFields(output[field], name, {
      method: { kinds: ['string'] },
      value: {},
    });
    if (method !== undefined && value !== undefined) {
      throw location(
        6050201,
        "Each fill output specification must have exactly one of 'method' or 'value' fields, not both",
      );
    }
    if (method !== undefined) methods.push([field, docFrom([[operatorOf(method as string), `$${field}`]])]);
    if (value !== undefined) values.push([field, docFrom([['$ifNull', [`$${field}`, value]]])]);
  }
  return { methods: docFrom(methods), values: docFrom(values) };
}

function operatorOf(method: string): string {
  const operator = METHODS.get(method);
  if (!operator) throw location(6050202, 'Method must be either locf or linear');
  return operator;
}

function fieldsAsKey(fields: Value[]): Doc {
  return docFrom(
    fields.map((field): [string, Value] => {
      if (typeof field !== 'string') throw failedToParse("'partitionByFields' must be an array of strings");
      return [field, `$${field}`];
    }),
  );
}
