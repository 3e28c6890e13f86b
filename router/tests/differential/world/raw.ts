/**
 * JSON that no JSON.stringify writes. A resolver answers a mark in its place, and the mark is replaced once the answer is
 * text: so that GraphQL runs as it does, and what is on the wire is as odd as we like.
 */

const TEXTS = [
  '"\\u0041\\u00e9"',
  '"\\/slash\\/"',
  '"\\ud83c\\udfb5 astral, escaped"',
  '"\\ud800 alone"',
  '"\\udfff\\ud800"',
  '"\u2028\u2029\u007f"',
  '"\\u0000\\b\\f\\n\\r\\t\\"\\\\"',
  '"\\u005c\\u0022"',
];
const FLOATS = [
  '1.0',
  '1e3',
  '-0',
  '-0.0',
  '1E+2',
  '0.1e-6',
  '5e-324',
  '1e21',
  '123456789.125',
  '0.30000000000000004',
];
const INTS = ['7.0', '-0', '2e2', '2147483647', '-2147483648', '0'];
const VALUES = [
  '{"b":1,"a":2,"2":3,"1":4}',
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1},"constructor":null}',
  ' [ 1 ,\n[ 2 , [ ] ] , { } ] ',
  '12345678901234567890',
  '-9007199254740993',
  '1e999',
  '{"n":[1.0,1e3,-0,12345678901234567890,1e-400]}',
  '{"\\u0061":"\\u0062","":"","\\"":1}',
  '"\\u2028"',
  'true',
  '{"deep":[[[[[[[[{"x":null}]]]]]]]]}',
];

export const RAW = { TEXTS, FLOATS, INTS, VALUES };

/** Integers that no resolver makes otherwise. */
const FIRST_MARK = 1_987_000_000;
const MARKED = /"@raw (TEXTS|VALUES) (\d+)@"|\b19870(\d)(\d\d)(\d\d)\b/g;

export function markText(kind: 'TEXTS' | 'VALUES', which: number): string {
  return `@raw ${kind} ${which % RAW[kind].length}@`;
}

export function markNumber(kind: 'FLOATS' | 'INTS', which: number): number {
  return FIRST_MARK + (kind === 'INTS' ? 1 : 2) * 10_000 + (which % RAW[kind].length);
}

export function withRaw(json: string): string {
  return json.replace(MARKED, (mark, texts: 'TEXTS' | 'VALUES' | undefined, index, kind, _, number) => {
    if (texts) return RAW[texts][Number(index)]!;
    const list = kind === '1' ? RAW.INTS : kind === '2' ? RAW.FLOATS : undefined;
    return list?.[Number(number)] ?? mark;
  });
}
