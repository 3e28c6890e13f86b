// Documents as values: merging, turning into arrays and back, fields by name.

import { location } from '../errors.ts';
import { encodeDoc } from '../values/codec.ts';
import { describeValue } from '../values/describe.ts';
import { copyDoc, docFrom, getField, newDoc, setField } from '../values/fields.ts';
import { isDoc, isNullish, kindOf } from '../values/kind.ts';
import type { Doc, Value } from '../values/types.ts';
import {
  type Compiler,
  constantOf,
  type Evaluate,
  type OperatorCompiler,
  type OperatorTable,
} from './expression.ts';
import { building, charge } from './meter.ts';
import { namedArguments, ranged, unary } from './operands.ts';

type Result = Value | undefined;

const BYTES_OF_FIELD = 32;

export function mergeInto(target: Doc, value: Value): void {
  if (!isDoc(value)) {
    throw location(
      40400,
      `$mergeObjects requires object inputs, but input ${describeValue(value)} is of type ${kindOf(value)}`,
    );
  }
  for (const name of Object.keys(value)) setField(target, name, value[name]);
}

function mergeObjects(operands: Result[]): Result {
  const [only] = operands;
  // A single operand that is an array stands for its elements.
  const values = operands.length === 1 && Array.isArray(only) ? only : operands;
  const merged = newDoc();
  for (const value of values) if (!isNullish(value)) mergeInto(merged, value);
  charge(BYTES_OF_FIELD * Object.keys(merged).length);
  return merged;
}

function objectToArray(value: Result): Result {
  if (isNullish(value)) return null;
  if (!isDoc(value))
    throw location(40390, `$objectToArray requires a document input, found: ${kindOf(value)}`);
  return building<Value>((pairs) => {
    for (const name of Object.keys(value)) {
      pairs.push(
        docFrom([
          ['k', name],
          ['v', value[name]],
        ]),
      );
      charge(2 * BYTES_OF_FIELD);
    }
  });
}

function arrayToObject(array: Result): Result {
  if (isNullish(array)) return null;
  if (!Array.isArray(array)) {
    throw location(40386, `$arrayToObject requires an array input, found: ${kindOf(array)}`);
  }
  const [first] = array;
  if (first !== undefined && !Array.isArray(first) && !isDoc(first)) {
    throw location(40398, `Unrecognised input type format for $arrayToObject: ${kindOf(first)}`);
  }
  const doc = newDoc();
  for (const element of array) {
    const [key, value] = Array.isArray(first) ? pairOf(element) : keyAndValueOf(element);
    setField(doc, key, value);
  }
  charge(BYTES_OF_FIELD * array.length);
  return doc;
}

function pairOf(element: Value): [string, Value] {
  if (!Array.isArray(element)) {
    throw location(
      40396,
      `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Array was detected, now found: ${kindOf(element)}`,
    );
  }
  if (element.length !== 2) {
    throw location(
      40397,
      `$arrayToObject requires an array of size 2 arrays,found array of size: ${element.length}`,
    );
  }
  const [key, value] = element as [Value, Value];
  if (typeof key !== 'string') {
    throw location(
      40395,
      `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${kindOf(key)}`,
    );
  }
  if (key.includes('\0')) throw location(4940400, 'Key field cannot contain an embedded null byte');
  return [key, value];
}

function keyAndValueOf(element: Value): [string, Value] {
  if (!isDoc(element)) {
    throw location(
      40391,
      `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Object was detected, now found: ${kindOf(element)}`,
    );
  }
  const size = Object.keys(element).length;
  if (size !== 2) {
    throw location(
      40392,
      `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${size}`,
    );
  }
  const key = getField(element, 'k');
  const value = getField(element, 'v');
  if (key === undefined || value === undefined) {
    throw location(
      40393,
      `$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: ${describeValue(element)}`,
    );
  }
  if (typeof key !== 'string') {
    throw location(
      40394,
      `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${kindOf(key)}`,
    );
  }
  if (key.includes('\0')) throw location(4940401, 'Key field cannot contain an embedded null byte');
  return [key, value];
}

interface FieldCodes {
  path: number;
  variable: number;
  type: number;
}

/** The field's name has to be a constant; a forgotten $literal is told apart. */
function fieldName(spec: Value, compiler: Compiler, name: string, codes: FieldCodes): string {
  if (typeof spec === 'string' && spec.startsWith('$')) {
    compiler.compile(spec);
    throw location(
      codes.path,
      `'${spec}' is a field path reference which is not allowed in this context. Did you mean {$literal: '${spec}'}?`,
    );
  }
  const known = constantOf(compiler.compile(spec));
  if (!known) {
    throw location(
      codes.variable,
      `${name} requires 'field' to evaluate to a constant, but got a non-constant argument`,
    );
  }
  if (typeof known.value === 'string') return known.value;
  throw location(
    codes.type,
    `${name} requires 'field' to evaluate to type String, but got ${kindOf(known.value)}`,
  );
}

const GET_CODES = { path: 5654600, variable: 5654601, type: 5654602 };
const SET_CODES = { path: 4161108, variable: 4161106, type: 4161107 };

const compileGetField: OperatorCompiler = (operand, compiler, name) => {
  const spec = getFieldSpec(operand, name);
  const field = fieldName(spec.field, compiler, name, GET_CODES);
  const input: Evaluate = compiler.compile(spec.input);
  return (scope) => {
    const value = input(scope);
    if (value === null) return null;
    return isDoc(value) ? getField(value, field) : undefined;
  };
};

function getFieldSpec(operand: Value, name: string): { field: Value; input: Value } {
  if (!isDoc(operand) || Object.keys(operand)[0]?.startsWith('$'))
    return { field: operand, input: '$$CURRENT' };
  return namedArguments(operand, ['field', 'input'], [], {
    notAnObject: () => location(3041701, `${name} requires an object`),
    unknown: (argument) => location(3041701, `${name} found an unknown argument: ${argument}`),
    missing: (argument) =>
      location(argument === 'field' ? 3041702 : 3041703, `${name} requires '${argument}' to be specified`),
  });
}

function settingField(withValue: boolean): OperatorCompiler {
  return (operand, compiler, name) => {
    const missing = new Map([
      ['field', 4161102],
      ['value', 4161103],
      ['input', 4161109],
    ]);
    const codes = {
      notAnObject: () => location(4161100, `${name} only supports an object as its argument`),
      unknown: (argument: string) => location(4161101, `${name} found an unknown argument: ${argument}`),
      missing: (argument: string) =>
        location(missing.get(argument) ?? 0, `${name} requires '${argument}' to be specified`),
    };
    const spec: { field: Value; input: Value; value?: Value } = withValue
      ? namedArguments(operand, ['field', 'value', 'input'], [], codes)
      : namedArguments(operand, ['field', 'input'], [], codes);
    const field = fieldName(spec.field, compiler, name, SET_CODES);
    const input = compiler.compile(spec.input);
    const value = compiler.compile(spec.value ?? (withValue ? null : '$$REMOVE'));
    return (scope) => {
      const doc = input(scope);
      if (isNullish(doc)) return null;
      if (!isDoc(doc)) throw location(4161105, `${name} requires 'input' to evaluate to type Object`);
      const changed = copyDoc(doc);
      const replacement = value(scope);
      if (replacement === undefined) delete changed[field];
      else setField(changed, field, replacement);
      charge(BYTES_OF_FIELD * Object.keys(changed).length);
      return changed;
    };
  };
}

export const objectOperators: OperatorTable = {
  $mergeObjects: ranged(0, Number.POSITIVE_INFINITY, mergeObjects),
  $objectToArray: unary(objectToArray),
  $arrayToObject: unary(arrayToObject),
  $getField: compileGetField,
  $setField: settingField(true),
  $unsetField: settingField(false),
  $bsonSize: unary((value) => {
    if (isNullish(value)) return null;
    if (isDoc(value)) return encodeDoc(value).length;
    throw location(31393, `$bsonSize requires a document input, found: ${kindOf(value)}`);
  }),
};
