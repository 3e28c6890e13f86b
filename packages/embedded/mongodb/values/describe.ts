/** Values as MongoDB prints them in its error messages. */
import type { Binary, BSONRegExp, Code, DBRef, ObjectId, Timestamp } from 'bson';
import { binaryBytes, dbPointerNamespace } from './compare.ts';
import { formatNumber } from './conversions.ts';
import { kindOf, type Numeric } from './kind.ts';
import type { Doc, Value } from './types.ts';

const MAX_LENGTH = 1_000;
const MAX_TEXT = 160;

/** `{ a: 1, b: "x" }`, cut when it gets long. */
export function describeValue(value: Value | undefined): string {
  const text = describe(value, 0);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text;
}

/** `a: 1` */
export function describeField(name: string, value: Value | undefined): string {
  return `${name}: ${describeValue(value)}`;
}

function describe(value: Value | undefined, depth: number): string {
  switch (kindOf(value)) {
    case 'missing':
      return 'EOO';
    case 'null':
      return 'null';
    case 'int':
    case 'long':
    case 'decimal':
      return formatNumber(value as Numeric);
    case 'double':
      return describeDouble(formatNumber(value as Numeric));
    case 'string':
    case 'symbol':
      return `"${cut(String(value)).replaceAll('"', '\\"')}"`;
    case 'bool':
      return String(value);
    case 'object':
      return depth > 20 ? '{...}' : describeDoc(value as Doc, depth);
    case 'array':
      return depth > 20 ? '[...]' : describeArray(value as Value[], depth);
    case 'objectId':
      return `ObjectId('${(value as ObjectId).toHexString()}')`;
    case 'date':
      return `new Date(${(value as Date).getTime()})`;
    case 'timestamp':
      return `Timestamp(${(value as Timestamp).t}, ${(value as Timestamp).i})`;
    case 'regex':
      return `/${(value as BSONRegExp).pattern}/${(value as BSONRegExp).options}`;
    case 'binData':
      return describeBinary(value as Binary);
    case 'javascript':
      return cut((value as Code).code);
    case 'javascriptWithScope':
      return `CodeWScope( ${cut((value as Code).code)}, ${describeDoc((value as Code).scope as Doc, depth)})`;
    case 'dbPointer':
      return `DBRef('${dbPointerNamespace(value as DBRef)}',${(value as DBRef).oid.toHexString()})`;
    case 'minKey':
      return 'MinKey';
    case 'maxKey':
      return 'MaxKey';
  }
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 10)}...` : text;
}

function describeDouble(text: string): string {
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function describeDoc(doc: Doc, depth: number): string {
  const names = Object.keys(doc);
  if (names.length === 0) return '{}';
  const fields = names.slice(0, 50).map((name) => `${name}: ${describe(doc[name], depth + 1)}`);
  return `{ ${fields.join(', ')}${names.length > 50 ? ', ...' : ''} }`;
}

function describeArray(array: Value[], depth: number): string {
  if (array.length === 0) return '[]';
  const items = array.slice(0, 50).map((item) => describe(item, depth + 1));
  return `[ ${items.join(', ')}${array.length > 50 ? ', ...' : ''} ]`;
}

function describeBinary(binary: Binary): string {
  const bytes = Buffer.from(binaryBytes(binary).subarray(0, 80));
  return `BinData(${binary.sub_type}, ${bytes.toString('hex').toUpperCase()})`;
}
