import { expect, test } from '@jest/globals';
import { codeOf, own, shown } from '../expressions/tests/table.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';
import { compilePipeline, compileUpdatePipeline } from './pipeline.ts';
import { contextOf, failures, pipelines, refusals } from './tests/run.ts';

pipelines('$project and $unset', [
  ['includes', [{ $project: { a: 1 } }], [{ _id: 1, a: 2, b: 3 }], [{ _id: 1, a: 2 }]],
  ['computes', [{ $project: { _id: 0, c: { $add: ['$a', '$b'] } } }], [{ _id: 1, a: 2, b: 3 }], [{ c: 5 }]],
  ['excludes', [{ $project: { a: 0 } }], [{ _id: 1, a: 2, b: 3 }], [{ _id: 1, b: 3 }]],
  [
    'leaves out what is missing',
    [{ $project: { _id: 0, c: '$absent', d: { $literal: 1 } } }],
    [{ a: 1 }],
    [{ d: 1 }],
  ],
  ['$unset of one', [{ $unset: 'a.b' }], [{ a: { b: 1, c: 2 } }], [{ a: { c: 2 } }]],
  ['$unset of several', [{ $unset: ['a', 'b'] }], [{ a: 1, b: 2, c: 3 }], [{ c: 3 }]],
]);

pipelines('$addFields and $set', [
  ['adds behind', [{ $addFields: { b: { $multiply: ['$a', 2] } } }], [{ a: 2 }], [{ a: 2, b: 4 }]],
  ['replaces in place', [{ $set: { a: 5, c: true } }], [{ a: 2, b: 3 }], [{ a: 5, b: 3, c: true }]],
  ['sees the document as it came', [{ $set: { a: '$b', b: '$a' } }], [{ a: 1, b: 2 }], [{ a: 2, b: 1 }]],
  ['below a document', [{ $set: { 'a.b': 1 } }], [{ a: { c: 2 } }], [{ a: { c: 2, b: 1 } }]],
  [
    'nested the same',
    [{ $set: { a: { b: 1, d: { e: '$x' } } } }],
    [{ a: { c: 2 }, x: 7 }],
    [{ a: { c: 2, b: 1, d: { e: 7 } }, x: 7 }],
  ],
  [
    'in each element of an array',
    [{ $set: { 'a.b': 1 } }],
    [{ a: [{ c: 2 }, 5, []] }],
    [{ a: [{ c: 2, b: 1 }, { b: 1 }, []] }],
  ],
  ['over a scalar', [{ $set: { 'a.b': 1 } }], [{ a: 5 }], [{ a: { b: 1 } }]],
  [
    'removes with $$REMOVE',
    [{ $set: { a: '$$REMOVE', 'b.c': { $cond: [true, '$$REMOVE', 1] } } }],
    [{ a: 1, b: { c: 1, d: 2 } }],
    [{ b: { d: 2 } }],
  ],
  ['an array of expressions', [{ $set: { b: ['$a', '$absent'] } }], [{ a: 1 }], [{ a: 1, b: [1, null] }]],
]);

pipelines('$replaceRoot and $replaceWith', [
  ['by a field', [{ $replaceRoot: { newRoot: '$a' } }], [{ a: { b: 1 } }], [{ b: 1 }]],
  [
    'by an expression',
    [{ $replaceWith: { $mergeObjects: [{ x: 0, y: 0 }, '$$ROOT'] } }],
    [{ x: 5 }],
    [{ x: 5, y: 0 }],
  ],
]);

pipelines('$redact', [
  [
    'descends, prunes and keeps',
    [
      {
        $redact: {
          $cond: [
            { $gt: [{ $size: { $setIntersection: ['$tags', ['STLW', 'G']] } }, 0] },
            '$$DESCEND',
            '$$PRUNE',
          ],
        },
      },
    ],
    [
      {
        _id: 1,
        tags: ['G', 'STLW'],
        subsections: [
          { subtitle: 'a', tags: ['SI', 'G'] },
          { subtitle: 'b', tags: ['STLW'] },
          { subtitle: 'c', tags: ['TK'], content: { text: 'x', tags: ['HCS'] } },
        ],
      },
    ],
    [
      {
        _id: 1,
        tags: ['G', 'STLW'],
        subsections: [
          { subtitle: 'a', tags: ['SI', 'G'] },
          { subtitle: 'b', tags: ['STLW'] },
        ],
      },
    ],
  ],
  [
    '$$KEEP looks no further',
    [{ $redact: { $cond: ['$keep', '$$KEEP', '$$PRUNE'] } }],
    [{ keep: 1, a: {} }, { a: 1 }],
    [{ keep: 1, a: {} }],
  ],
]);

refusals('a reshaping stage', [
  [[{ $project: 1 }], 15969],
  [[{ $project: {} }], 51272],
  [[{ $project: { a: 1, b: 0 } }], 31254],
  [[{ $project: { a: { $nope: 1 } } }], 168],
  [[{ $unset: 1 }], 31002],
  [[{ $unset: [] }], 31119],
  [[{ $unset: [1] }], 31120],
  [[{ $unset: '$a' }], 16410],
  [[{ $addFields: 1 }], 40272],
  [[{ $set: {} }], 40177],
  [[{ $set: { a: 1, 'a.b': 2 } }], 40176],
  [[{ $set: { 'a.b': 1, a: 2 } }], 40176],
  [[{ $set: { a: { b: 1 }, 'a.b': 2 } }], 40176],
  [[{ $set: { a: {} } }], 40180],
  [[{ $set: { a: { 'b.c': 1 } } }], 40183],
  [[{ $set: { $a: 1 } }], 16410],
  [[{ $set: { 'a.': 1 } }], 40353],
  [[{ $set: { a: { $add: 1, $subtract: 1 } } }], 15983],
  [[{ $replaceRoot: 1 }], 40229],
  [[{ $replaceRoot: {} }], 40231],
  [[{ $replaceRoot: { newRoot: '$a', x: 1 } }], 40230],
  [[{ $redact: '$$NONE' }], 17276],
]);

failures('a reshaping stage', [
  [[{ $replaceRoot: { newRoot: '$a' } }], { a: 1 }, 40228],
  [[{ $replaceWith: '$absent' }], { a: 1 }, 40228],
  [[{ $redact: 'x' }], { a: 1 }, 17053],
]);

pipelines('$unwind', [
  [
    'gives one for each element',
    [{ $unwind: '$s' }],
    [{ _id: 1, s: ['a', 'b'] }],
    [
      { _id: 1, s: 'a' },
      { _id: 1, s: 'b' },
    ],
  ],
  [
    'drops null, missing and empty',
    [{ $unwind: { path: '$s' } }],
    [{ s: null }, {}, { s: [] }, { s: 5 }],
    [{ s: 5 }],
  ],
  [
    'keeps them when told to',
    [{ $unwind: { path: '$s', preserveNullAndEmptyArrays: true } }],
    [{ _id: 1, s: null }, { _id: 2 }, { _id: 3, s: [] }],
    [{ _id: 1, s: null }, { _id: 2 }, { _id: 3 }],
  ],
  [
    'below a document',
    [{ $unwind: '$a.b' }],
    [{ a: { b: [1, 2], c: 3 } }],
    [{ a: { b: 1, c: 3 } }, { a: { b: 2, c: 3 } }],
  ],
  ['leaves nested arrays', [{ $unwind: '$a' }], [{ a: [[1], 2] }], [{ a: [1] }, { a: 2 }]],
]);

test('$unwind tells the index as an Int64, and null where there is no array', () => {
  const stages = own([
    { $unwind: { path: '$s', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true } },
  ]) as Value[];
  const docs = own([{ s: ['a', 'b'] }, { s: 'c' }, {}]) as Doc[];
  expect([...compilePipeline(stages, contextOf())(docs)].map(shown)).toEqual([
    [
      ['s', 'a'],
      ['i', 'long 0'],
    ],
    [
      ['s', 'b'],
      ['i', 'long 1'],
    ],
    [
      ['s', 'c'],
      ['i', null],
    ],
    [['i', null]],
  ]);
});

refusals('$unwind', [
  [[{ $unwind: 1 }], 15981],
  [[{ $unwind: { path: 1 } }], 28808],
  [[{ $unwind: { path: '$a', preserveNullAndEmptyArrays: 1 } }], 28809],
  [[{ $unwind: { path: '$a', includeArrayIndex: '' } }], 28810],
  [[{ $unwind: { path: '$a', x: 1 } }], 28811],
  [[{ $unwind: {} }], 28812],
  [[{ $unwind: 'a' }], 28818],
  [[{ $unwind: { path: '$a', includeArrayIndex: '$i' } }], 28822],
]);

test('a field named __proto__ is added like any other', () => {
  const stages = [
    docFrom([
      [
        '$set',
        docFrom([
          ['__proto__', 5],
          ['a.__proto__', 6],
        ]),
      ],
    ]),
  ];
  expect([...compilePipeline(stages, contextOf())([docFrom([])])].map(shown)).toEqual([
    [
      ['__proto__', 5],
      ['a', [['__proto__', 6]]],
    ],
  ]);
});

test('pipelines of updates take the stages that change one document, and no others', () => {
  const update = (stages: unknown[]) => compileUpdatePipeline(own(stages) as Value[], contextOf());
  const change = update([{ $set: { total: { $sum: '$items.price' } } }, { $unset: 'items' }]);
  expect(change(own({ items: [{ price: 2 }, { price: 3 }] }) as Doc)).toEqual(own({ total: 5 }));
  expect(codeOf(() => update([{ $match: {} }]))).toBe(72);
  expect(codeOf(() => update([{ $limit: 1 }]))).toBe(72);
});
