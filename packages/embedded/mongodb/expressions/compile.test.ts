// biome-ignore-all lint/suspicious/noThenProperty: $cond and $switch have an argument of that name
import { expect, test } from '@jest/globals';
import { docFrom } from '../values/fields.ts';
import { compileExpression, scopeOf } from './compile.ts';
import { codeOf, error, evaluate, MISSING, NOW, shown, table } from './tests/table.ts';

table('field paths', [
  ['$a', 1, { a: 1 }],
  ['$a.b', 2, { a: { b: 2 } }],
  ['$a.b', [1, 2], { a: [{ b: 1 }, { c: 9 }, { b: 2 }, 7] }],
  ['$a.b', [], { a: [] }],
  ['$a.b.c', [[1], [2, 3]], { a: [{ b: [{ c: 1 }] }, { b: [{ c: 2 }, { c: 3 }] }] }],
  ['$a.b', [], { a: [[{ b: 1 }]] }],
  ['$a.0', [], { a: [5, 6] }],
  ['$a.0', 7, { a: { 0: 7 } }],
  ['$a.b', MISSING, { a: 5 }],
  ['$constructor', MISSING, {}],
  ['$__proto__', MISSING, {}],
  ['$$ROOT.a', 1, { a: 1 }],
  ['$$CURRENT.a', 1, { a: 1 }],
  ['$$NOW', NOW],
  ['$$REMOVE', MISSING],
  ['$$REMOVE.a', MISSING],
  ['$', error(16872)],
  ['$a.', error(40353)],
  ['$a..b', error(15998)],
  ['$.a', error(15998)],
  ['$a.$b', error(16410)],
  [`$${'a.'.repeat(200)}a`, error(15)],
  ['$$missing', error(17276)],
  ['$$KEEP', error(17276)],
  ['$$CLUSTER_TIME', error(51144)],
  ['$$1x', error(9)],
  ['$$a-b', error(9)],
  ['$$', error(9)],
]);

table('literals, arrays and objects', [
  [5, 5],
  ['text', 'text'],
  [{}, {}],
  [[1, '$a', '$absent'], [1, 2, null], { a: 2 }],
  [{ x: '$a', y: '$absent', z: { w: 1 } }, { x: 2, z: { w: 1 } }, { a: 2 }],
  [{ $literal: '$a' }, '$a'],
  [{ $literal: { $add: [1, 2] } }, { $add: [1, 2] }],
  [{ $const: 1 }, 1],
  [{ 'a.b': 1 }, error(16412)],
  [{ '': 1 }, error(15998)],
  [{ a: 1, $add: [1, 2] }, error(16410)],
  [{ $add: [1, 2], a: 1 }, error(15983)],
  [{ $nope: 1 }, error(168)],
  [{ $constructor: 1 }, error(168)],
]);

table('variables', [
  [{ $let: { vars: { x: 1, y: '$a' }, in: { $add: ['$$x', '$$y'] } } }, 3, { a: 2 }],
  [{ $let: { vars: { x: 1 }, in: { $let: { vars: { x: 2, y: '$$x' }, in: ['$$x', '$$y'] } } } }, [2, 1]],
  [{ $let: { vars: { CURRENT: '$a' }, in: '$b' } }, 7, { a: { b: 7 } }],
  [{ $let: { vars: { constructor: 1 }, in: '$$constructor' } }, 1],
  [{ $let: { vars: { é: 1 }, in: '$$é' } }, 1],
  [{ $let: { vars: { x: '$absent' }, in: '$$x' } }, MISSING],
  [{ $let: { vars: { X: 1 }, in: 1 } }, error(9)],
  [{ $let: { vars: { _x: 1 }, in: 1 } }, error(9)],
  [{ $let: { vars: { ROOT: 1 }, in: 1 } }, error(9)],
  [{ $let: { vars: { x: 1, y: '$$x' }, in: 1 } }, error(17276)],
  [{ $let: 1 }, error(16874)],
  [{ $let: { vars: {}, in: 1, z: 1 } }, error(16875)],
  [{ $let: { in: 1 } }, error(16876)],
  [{ $let: { vars: {} } }, error(16877)],
  [{ $let: { vars: 1, in: 1 } }, error(10065)],
]);

table('conditions', [
  [{ $cond: ['$a', 'yes', 'no'] }, 'yes', { a: 1 }],
  [{ $cond: { if: '$a', then: 'yes', else: 'no' } }, 'no', { a: 0 }],
  [{ $cond: ['', 'yes', 'no'] }, 'yes'],
  [{ $cond: [true, 1, { $divide: [1, 0] }] }, 1],
  [{ $cond: [true, 1] }, error(16020)],
  [{ $cond: { if: 1, then: 2 } }, error(17082)],
  [{ $cond: { then: 2, else: 3 } }, error(17080)],
  [{ $cond: { if: 1, else: 3 } }, error(17081)],
  [{ $cond: { if: 1, then: 2, else: 3, x: 1 } }, error(17083)],
  [{ $ifNull: ['$a', '$b', 'none'] }, 'none', { b: null }],
  [{ $ifNull: ['$a', 'none'] }, false, { a: false }],
  [{ $ifNull: ['$a', '$b'] }, MISSING],
  [{ $ifNull: ['$a'] }, error(1257300)],
  [{ $switch: { branches: [{ case: { $gt: ['$a', 5] }, then: 'big' }], default: 'small' } }, 'big', { a: 6 }],
  [{ $switch: { branches: [{ case: false, then: 1 }], default: 'small' } }, 'small'],
  [{ $switch: { branches: [{ case: '$a', then: 1 }] } }, error(40066)],
  [{ $switch: { branches: [] } }, error(40068)],
  [{ $switch: 1 }, error(40060)],
  [{ $switch: { branches: 1 } }, error(40061)],
  [{ $switch: { branches: [1] } }, error(40062)],
  [{ $switch: { branches: [{ case: 1, then: 1, x: 1 }] } }, error(40063)],
  [{ $switch: { branches: [{ then: 1 }] } }, error(40064)],
  [{ $switch: { branches: [{ case: 1 }] } }, error(40065)],
  [{ $switch: { branches: [], x: 1 } }, error(40067)],
  [{ $and: [1, true, 'x'] }, true],
  [{ $and: [] }, true],
  [{ $and: [1, null] }, false],
  [{ $and: [0, { $divide: [1, 0] }] }, false],
  [{ $or: [] }, false],
  [{ $or: [0, '$absent', 'x'] }, true],
  [{ $not: [0] }, true],
  [{ $not: [1, 2] }, error(16020)],
  [{ $allElementsTrue: [[1, 0]] }, false],
  [{ $allElementsTrue: [[]] }, true],
  [{ $allElementsTrue: 1 }, error(17040)],
  [{ $anyElementTrue: [[0, 1]] }, true],
  [{ $anyElementTrue: 1 }, error(17041)],
]);

table('comparisons', [
  [{ $cmp: [1, 2] }, -1],
  [{ $cmp: ['b', 'a'] }, 1],
  [{ $eq: [1, 1.0] }, true],
  [{ $eq: ['$absent', null] }, false],
  [{ $lt: ['$absent', null] }, true],
  [{ $gt: ['x', 5] }, true],
  [{ $lte: [2, 2] }, true],
  [{ $gte: [1, 2] }, false],
  [{ $ne: [[1], [1]] }, false],
  [{ $eq: [1] }, error(16020)],
]);

test('an expression may nest 100 levels, and is refused before it could exhaust the stack', () => {
  const nested = (depth: number) => {
    let spec: unknown = 1;
    for (let i = 0; i < depth; i++) spec = { $add: [spec, 1] };
    return spec;
  };
  expect(evaluate(nested(90))).toBe(91);
  let spec = docFrom([['$add', [1]]]);
  for (let i = 0; i < 5000; i++) spec = docFrom([['$abs', spec]]);
  expect(codeOf(() => compileExpression(spec, { variables: new Set(), now: NOW }))).toBe(15);
});

test('a field named __proto__ is a field', () => {
  const doc = docFrom([['__proto__', docFrom([['x', 1]])]]);
  const compile = (spec: string) => compileExpression(spec, { variables: new Set(), now: NOW });
  expect(compile('$__proto__.x')(scopeOf(doc, {}))).toBe(1);
  const built = compileExpression(docFrom([['__proto__', '$__proto__.x']]), {
    variables: new Set(),
    now: NOW,
  });
  expect(shown(built(scopeOf(doc, {})))).toEqual([['__proto__', 1]]);
});

test('variables of the caller are in reach, others are not', () => {
  const compiled = compileExpression('$$factor', { variables: new Set(['factor']), now: NOW });
  expect(compiled(scopeOf(docFrom([]), { factor: 3 }))).toBe(3);
});
