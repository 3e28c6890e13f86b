import { describe, expect, test } from '@jest/globals';
import { BSONRegExp } from 'bson';
import fc from 'fast-check';
import { codeOf, decimal, double, long, own } from '../expressions/tests/table.ts';
import type { Doc, Value } from '../values/types.ts';
import { compilePipeline } from './pipeline.ts';
import { contextOf, expectResult, failures, refusals, run } from './tests/run.ts';

const orders = [
  { _id: 1, item: 'almonds', quantity: 2 },
  { _id: 2, item: 'pecans', quantity: 1 },
  { _id: 3 },
];
const inventory = [
  { _id: 1, sku: 'almonds', instock: 120 },
  { _id: 2, sku: 'bread', instock: 80 },
  { _id: 4, sku: 'pecans', instock: 70 },
  { _id: 5, sku: null },
  { _id: 6 },
];
const world = { docs: orders, collections: { inventory } };

const byItem = { from: 'inventory', localField: 'item', foreignField: 'sku', as: 'found' };

test('$lookup joins by equal fields, a missing one as null', () => {
  expectResult([{ $lookup: byItem }], world, [
    { ...orders[0], found: [inventory[0]] },
    { ...orders[1], found: [inventory[2]] },
    { ...orders[2], found: [inventory[3], inventory[4]] },
  ]);
});

test('$lookup runs a pipeline with variables of the outer document', () => {
  const pipeline = [
    { $match: { $expr: { $and: [{ $eq: ['$sku', '$$item'] }, { $gte: ['$instock', '$$wanted'] }] } } },
    { $project: { _id: 0, instock: 1, wanted: '$$wanted' } },
  ];
  const lookup = { from: 'inventory', let: { item: '$item', wanted: '$quantity' }, pipeline, as: 'stock' };
  expectResult([{ $lookup: lookup }, { $project: { stock: 1 } }], world, [
    { _id: 1, stock: [{ instock: 120, wanted: 2 }] },
    { _id: 2, stock: [{ instock: 70, wanted: 1 }] },
    // Missing equals missing, which is not null.
    { _id: 3, stock: [{}] },
  ]);
});

test('$lookup joins by fields and runs a pipeline over what it found', () => {
  const lookup = {
    ...byItem,
    let: { q: '$quantity' },
    pipeline: [{ $project: { _id: 0, left: { $subtract: ['$instock', '$$q'] } } }],
  };
  expectResult([{ $lookup: lookup }, { $limit: 1 }, { $project: { found: 1 } }], world, [
    { _id: 1, found: [{ left: 118 }] },
  ]);
});

test('variables reach pipelines inside pipelines, each time with new values', () => {
  const innermost = {
    from: 'inventory',
    let: { inner: '$_id' },
    pipeline: [
      { $match: { $expr: { $eq: ['$_id', '$$outer'] } } },
      { $project: { _id: 0, o: '$$outer', i: '$$inner', g: '$$global' } },
    ],
    as: 'deep',
  };
  const lookup = {
    from: 'inventory',
    let: { outer: '$_id' },
    pipeline: [{ $limit: 1 }, { $lookup: innermost }, { $project: { _id: 0, deep: 1 } }],
    as: 'found',
  };
  expectResult(
    [{ $lookup: lookup }, { $limit: 2 }, { $project: { found: 1 } }],
    { ...world, variables: { global: 'g' } },
    [
      { _id: 1, found: [{ deep: [{ o: 1, i: 1, g: 'g' }] }] },
      { _id: 2, found: [{ deep: [{ o: 2, i: 1, g: 'g' }] }] },
    ],
  );
});

test('a variable without a value is missing', () => {
  const lookup = {
    from: 'inventory',
    let: { none: '$absent' },
    pipeline: [{ $limit: 1 }, { $project: { _id: 0, t: { $type: '$$none' } } }],
    as: 'a',
  };
  expectResult([{ $limit: 1 }, { $lookup: lookup }, { $project: { a: 1 } }], world, [
    { _id: 1, a: [{ t: 'missing' }] },
  ]);
});

test('a collection that does not exist has no documents', () => {
  expectResult([{ $lookup: { ...byItem, from: 'none' } }, { $limit: 1 }], world, [
    { ...orders[0], found: [] },
  ]);
});

test('$lookup may write below a document, and takes $documents for a collection', () => {
  const lookup = { pipeline: [{ $documents: [{ x: 1 }, { x: 2 }] }, { $match: { x: 2 } }], as: 'a.b' };
  expectResult([{ $lookup: lookup }], { docs: [{ a: { c: 1 } }] }, [{ a: { c: 1, b: [{ x: 2 }] } }]);
});

/** Local and foreign values, and whether they meet: MongoDB's own table of joins, in short. */
describe('what $lookup calls equal', () => {
  const docs = (field: string, values: unknown[]) =>
    values.map((value, _id) => ({ _id, ...(value === undefined ? {} : { [field]: value }) }));
  const cases: [
    title: string,
    local: unknown,
    path: string,
    foreign: unknown[],
    foreignPath: string,
    met: number[],
  ][] = [
    [
      'null meets null, missing and arrays with null',
      null,
      'a',
      [undefined, null, [null, 1], [], 1, false, ''],
      'b',
      [0, 1, 2],
    ],
    ['missing does too', undefined, 'a', [undefined, null, [null, 1], [], 1], 'b', [0, 1, 2]],
    ['an empty array looks for null', [], 'a', [undefined, null, [], [[]]], 'b', [0, 1]],
    [
      'a number of any type',
      1,
      'a',
      [double(1), long(1), decimal('1.0'), '1', [1, 2], [[1]]],
      'b',
      [0, 1, 2, 4],
    ],
    ['each element of an array', [1, 3], 'a', [1, 2, 3, [1, 3]], 'b', [0, 2, 3]],
    ['an array inside an array', [[1, 2]], 'a', [[1, 2], [[1, 2], 3], 1], 'b', [0, 1]],
    [
      'below documents in arrays',
      1,
      'a',
      [{ x: 1 }, [{ x: 1 }, { x: 2 }], { x: [1, 2] }, { y: 1 }],
      'b.x',
      [0, 1, 2],
    ],
    [
      'null below scalars and empty arrays',
      null,
      'a',
      [{ x: 1 }, {}, 5, [], [1], [[1]], [{ y: 1 }, { x: 1 }]],
      'b.x',
      [1, 2, 3, 4, 5, 6],
    ],
    ['by position', 1, 'a', [[{ x: 1 }, { x: 2 }], [{ x: 2 }, { x: 1 }], { x: 1 }], 'b.0.x', [0]],
    [
      'a regular expression itself, not what it matches',
      new BSONRegExp('x'),
      'a',
      ['x', new BSONRegExp('x')],
      'b',
      [1],
    ],
    ['documents as wholes', { x: 1, y: 2 }, 'a', [{ x: 1, y: 2 }, { y: 2, x: 1 }, { x: 1 }], 'b', [0]],
  ];
  test.each(cases)('%s', (_title, local, path, foreign, foreignPath, met) => {
    const lookup = { from: 'foreign', localField: path, foreignField: foreignPath, as: 'found' };
    // Once through filters, and so often that a table is built: both have to agree.
    for (const copies of [1, 5]) {
      const locals = Array.from({ length: copies }, () => docs('a', [local])[0]);
      const found = run([{ $lookup: lookup }], {
        docs: locals,
        collections: { foreign: docs('b', foreign) },
      });
      for (const doc of found) expect((doc.found as Doc[]).map((each) => each._id)).toEqual(met);
    }
  });

  test('local paths collect from arrays of documents', () => {
    const lookup = { from: 'foreign', localField: 'a.x', foreignField: 'b', as: 'found' };
    const locals = [[{ x: 1 }, { y: 5 }, { x: [2] }], [{ y: 1 }], 5];
    const found = run([{ $lookup: lookup }], {
      docs: docs('a', locals),
      collections: { foreign: docs('b', [1, 2, null]) },
    });
    expect(found.map((doc) => (doc.found as Doc[]).map((each) => each._id))).toEqual([[0, 1], [2], [2]]);
  });
});

const value = fc.oneof(
  { depthSize: 'small', maxDepth: 2 },
  fc.constantFrom<unknown>(null, 1, 2, double(1), 'a', undefined),
  fc.array(fc.constantFrom<unknown>(null, 1, 'a', [1], { x: 1 }), { maxLength: 3 }),
  fc.record({ x: fc.constantFrom<unknown>(1, null, [1, 2], []) }),
);

test('joins through filters, tables and scans give the same', () => {
  const path = fc.constantFrom('v', 'v.x', 'v.0');
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 5 }),
      value,
      path,
      path,
      (foreign, local, localField, foreignField) => {
        const doc = (v: unknown, _id: number) => (v === undefined ? { _id } : { _id, v });
        const lookup = { from: 'foreign', localField, foreignField, as: 'found' };
        const collections = { foreign: foreign.map(doc) };
        const through = (copies: number) =>
          run([{ $lookup: lookup }], {
            docs: Array.from({ length: copies }, () => doc(local, 0)),
            collections,
          });
        const [first] = through(1);
        expect(through(4).at(-1)).toEqual(first);
      },
    ),
  );
});

refusals('$lookup', [
  [[{ $lookup: 1 }], 9],
  [[{ $lookup: { ...byItem, x: 1 } }], 9],
  [[{ $lookup: { ...byItem, from: 1 } }], 9],
  [[{ $lookup: { from: 'a', localField: 'a', foreignField: 'b' } }], 9],
  [[{ $lookup: { localField: 'a', foreignField: 'b', as: 'c' } }], 9],
  [[{ $lookup: { from: 'a', localField: 'a', as: 'c' } }], 9],
  [[{ $lookup: { from: 'a', localField: 'a', pipeline: [], as: 'c' } }], 9],
  [[{ $lookup: { ...byItem, let: {} } }], 9],
  [[{ $lookup: { from: 'a', pipeline: 1, as: 'c' } }], 9],
  [[{ $lookup: { from: 'a', let: 1, pipeline: [], as: 'c' } }], 9],
  [[{ $lookup: { from: 'a', let: { X: 1 }, pipeline: [], as: 'c' } }], 9],
  [[{ $lookup: { from: 'a', pipeline: [{ $nope: 1 }], as: 'c' } }], 40324],
  [[{ $lookup: { from: 'a', pipeline: [{ $project: { b: '$$none' } }], as: 'c' } }], 17276],
  [[{ $lookup: { from: 'a', pipeline: [{ $merge: 'x' }], as: 'c' } }], 51047],
  [[{ $lookup: { ...byItem, as: '$c' } }], 16410],
  [[{ $lookup: { ...byItem, foreignField: 'a.' } }], 40353],
  [[{ $unionWith: 1 }], 9],
  [[{ $unionWith: { coll: 1 } }], 14],
  [[{ $unionWith: { coll: 'a', x: 1 } }], 40415],
  [[{ $unionWith: { pipeline: [] } }], 9],
  [[{ $unionWith: { coll: 'a', pipeline: [{ $out: 'x' }] } }], 31441],
]);

test('pipelines nested too deep are refused', () => {
  let pipeline: unknown[] = [];
  for (let i = 0; i < 25; i++) pipeline = [{ $lookup: { from: 'a', pipeline, as: 'b' } }];
  expect(codeOf(() => run(pipeline))).toBe(232);
});

test('more than fits into a document is refused', () => {
  const context = {
    ...contextOf(),
    *readCollection(): Iterable<Doc> {
      for (let i = 0; i < 200; i++) yield own({ _id: i, text: `${i}`.padEnd(1_000_000, 'x') }) as Doc;
    },
  };
  const lookup = own([{ $lookup: { from: 'a', pipeline: [], as: 'b' } }]) as Value[];
  expect(codeOf(() => [...compilePipeline(lookup, context)([own({}) as Doc])])).toBe(4568);
});

test('an index is asked for each document, without one the collection is read once', () => {
  const read = (hasIndex: boolean) => {
    const filters: (Doc | undefined)[] = [];
    const base = contextOf({ collections: { inventory } });
    const context = {
      ...base,
      hasIndexOn: () => hasIndex,
      readCollection: (name: string, filter?: Doc) => {
        filters.push(filter);
        return base.readCollection(name, filter);
      },
    };
    const docs = own(Array.from({ length: 50 }, (_, _id) => ({ _id, item: 'bread' }))) as Doc[];
    const found = [...compilePipeline(own([{ $lookup: byItem }]) as Value[], context)(docs)];
    expect(found.every((doc) => (doc.found as Doc[])[0]?._id === 2)).toBe(true);
    return filters;
  };
  expect(read(true)).toHaveLength(50);
  expect(read(false).filter((filter) => filter === undefined)).toHaveLength(1);
  expect(read(false).length).toBeLessThan(5);
});

test('$unionWith appends another collection, or what a pipeline makes of it', () => {
  const collections = {
    more: [
      { _id: 'm1', a: 1 },
      { _id: 'm2', a: 2 },
    ],
  };
  expectResult([{ $unionWith: 'more' }], { docs: [{ _id: 1 }], collections }, [
    { _id: 1 },
    ...collections.more,
  ]);
  expectResult(
    [{ $unionWith: { coll: 'more', pipeline: [{ $match: { a: 2 } }] } }],
    { docs: [], collections },
    [{ _id: 'm2', a: 2 }],
  );
  expectResult([{ $unionWith: { pipeline: [{ $documents: [{ x: 1 }] }] } }], {}, [{ x: 1 }]);
});

failures('$lookup', [
  [[{ $lookup: { pipeline: [{ $documents: '$$x' }], let: { x: '$x' }, as: 'a' } }], { x: 1 }, 5858203],
]);

test('$documents, $collStats and $indexStats bring their own documents', () => {
  expectResult([{ $documents: [{ a: 1 }, { a: { $add: [1, 1] } }] }, { $match: { a: 2 } }], {}, [{ a: 2 }]);
  expect(codeOf(() => run([{ $documents: 1 }]))).toBe(5858203);
  expect(codeOf(() => run([{ $documents: [1] }]))).toBe(40228);
  const context = {
    ...contextOf(),
    collectionStats: () => own({ count: 3 }) as Doc,
    indexStats: () => [own({ name: '_id_' }) as Doc],
  };
  const all = (stage: unknown) => [...compilePipeline([own(stage)] as Value[], context)([])];
  expect(all({ $collStats: { count: {} } })).toEqual([own({ count: 3 })]);
  expect(all({ $indexStats: {} })).toEqual([own({ name: '_id_' })]);
  expect(codeOf(() => run([{ $collStats: 1 }]))).toBe(40166);
  expect(codeOf(() => run([{ $indexStats: { a: 1 } }]))).toBe(28803);
  expect(codeOf(() => run([{ $indexStats: {} }]))).toBe(73);
  expect(codeOf(() => run([{ $collStats: {} }]))).toBe(73);
});

test('a pipeline hands its first filters to the collection, with the values of its variables', () => {
  const filters: unknown[] = [];
  const base = contextOf({ collections: { inventory } });
  const context = {
    ...base,
    readCollection: (name: string, filter?: Doc) => {
      filters.push(filter);
      return base.readCollection(name, filter);
    },
  };
  const find = (pipeline: unknown[], variables: object = { item: '$item' }) => {
    filters.length = 0;
    const lookup = own([
      { $lookup: { from: 'inventory', let: variables, pipeline, as: 'found' } },
    ]) as Value[];
    return [...compilePipeline(lookup, context)(own(orders) as Doc[])].map(
      (doc) => (doc.found as Doc[]).length,
    );
  };
  const equal = { $expr: { $and: [{ $eq: ['$$item', '$sku'] }, { $gt: ['$instock', 5] }] } };
  expect(find([{ $match: { instock: { $gt: 0 } } }, { $match: equal }])).toEqual([1, 1, 0]);
  const instock = { instock: { $gt: 0 } };
  expect(filters).toEqual(
    own([
      { $and: [instock, { sku: { $eq: 'almonds' } }] },
      { $and: [instock, { sku: { $eq: 'pecans' } }] },
      instock,
    ]),
  );
  expect(find([{ $match: { $expr: { $eq: ['$sku.0', '$$item'] } } }])).toEqual(
    [0, 0, 5].map((_, i) => (i < 2 ? 0 : 5)),
  );
  expect(filters).toEqual([undefined, undefined, undefined]);
  expect(find([{ $match: { sku: 'bread' } }])).toEqual([1, 1, 1]);
  expect(filters).toEqual([own({ sku: 'bread' })]);
});

test('a pipeline that gives something else each time is run each time', () => {
  const lookup = {
    from: 'inventory',
    pipeline: [{ $limit: 1 }, { $project: { _id: 0, r: { $rand: {} } } }],
    as: 'found',
  };
  const found = run([{ $lookup: lookup }], world).map((doc) => (doc.found as Doc[])[0]?.r);
  expect(new Set(found).size).toBe(3);
});
