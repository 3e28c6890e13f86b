import assert from 'node:assert/strict';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Binary, Decimal128, Double, Long } from 'bson';
import fc from 'fast-check';
import { compileFilter } from '../query/filter.ts';
import { compileSort } from '../query/sort.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';
import { collatorOf, readCollation } from './collation-spec.ts';
import { Collection, type Journal } from './collection.ts';
import { noDeadline } from './deadline.ts';
import { idIndexSpec, readIndexSpec } from './index-spec.ts';
import type { Access, Query } from './plan.ts';
import { planQuery } from './planner.ts';
import { docOf } from './record.ts';
import { newStats, runPlan } from './run-plan.ts';

const journal: Journal = { put: () => {}, remove: () => {}, retire: () => {} };
const english = readCollation({ locale: 'en', strength: 2 });

function makeCollection(): Collection {
  const info = { number: 1, uuid: new Binary(), options: {}, database: 'shop', name: 'things' };
  return new Collection(info, [idIndexSpec(undefined)], journal);
}

function addIndex(collection: Collection, key: Doc, options: Doc = {}): void {
  const name = JSON.stringify([key, options]);
  collection.addIndex(readIndexSpec({ key, name, ...options }, undefined));
}

function query(filter: Doc, rest: Partial<Query> = {}, collation?: Doc): Query {
  const collator = collatorOf(collation);
  return { language: { collation, collator, variables: {}, now: new Date() }, filter, ...rest };
}

function found(collection: Collection, asked: Query): Doc[] {
  return [...runPlan(planQuery(collection, asked), { deadline: noDeadline })].map(docOf);
}

const stageOf = (collection: Collection, asked: Query): Access['stage'] =>
  planQuery(collection, asked).access.stage;

const scalar: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 2, arbitrary: fc.constantFrom('', 'a', 'A', 'b', 'ab') },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Value>(
      null,
      true,
      new Double(1),
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Long.fromString('9007199254740993'),
      Decimal128.fromString('2'),
      new Date(0),
    ),
  },
);
const leaf: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant<Value>([[1, 2], 3]) },
);
const nested: fc.Arbitrary<Value> = fc.record(
  { b: leaf, c: leaf },
  { requiredKeys: [] },
) as fc.Arbitrary<Doc>;
const field: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 2, arbitrary: nested },
  { weight: 2, arbitrary: fc.array(fc.oneof(nested, scalar), { maxLength: 3 }) },
);
const document = fc.record({ a: field, b: leaf, c: leaf }, { requiredKeys: [] }) as fc.Arbitrary<Doc>;

const paths = ['a', 'b', 'c', 'a.b', 'a.c', 'a.0', 'a.1.b', '_id'];
const path = fc.constantFrom(...paths);
const direction = fc.constantFrom(1, -1);

const condition: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$eq', '$ne'), leaf)
      .map(([op, value]) => ({ [op]: value })),
  },
  { weight: 2, arbitrary: fc.array(leaf, { maxLength: 4 }).map((values) => ({ $in: values })) },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }).map((values) => ({ $nin: values })) },
  { weight: 1, arbitrary: fc.boolean().map((there) => ({ $exists: there })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Value>(
      { $type: 'number' },
      { $type: 'string' },
      { $size: 2 },
      { $regex: '^a' },
    ),
  },
  { weight: 1, arbitrary: fc.tuple(scalar, scalar).map(([low, high]) => ({ $gte: low, $lt: high })) },
  {
    weight: 1,
    arbitrary: fc.tuple(scalar, scalar).map(([low, high]) => ({ $elemMatch: { $gte: low, $lte: high } })),
  },
  { weight: 1, arbitrary: scalar.map((value) => ({ $elemMatch: { b: value, c: { $gte: 0 } } })) },
  { weight: 1, arbitrary: scalar.map((value) => ({ $not: { $gt: value } })) },
);
const conditions = fc.array(fc.tuple(path, condition), { maxLength: 3 }).map((pairs) => docFrom(pairs));
const filter: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 4, arbitrary: conditions },
  {
    weight: 1,
    arbitrary: fc.tuple(conditions, conditions, conditions).map(([x, y, z]) => ({ ...z, $or: [x, y] })),
  },
  { weight: 1, arbitrary: fc.tuple(conditions, conditions).map(([x, y]) => ({ $and: [x, y] })) },
);
const sort = fc
  .array(fc.tuple(path, direction), { maxLength: 3 })
  .map((parts) => docFrom(parts) as Doc)
  .map((spec) => (Object.keys(spec).length > 0 ? spec : undefined));
const keyPattern = fc
  .array(fc.tuple(path, direction), { minLength: 1, maxLength: 3 })
  .map((parts) => docFrom(parts) as Doc)
  .filter((key) => !(Object.keys(key).length === 1 && key._id === 1));
const indexOptions = fc.constantFrom<Doc>(
  {},
  {},
  { sparse: true },
  { partialFilterExpression: { b: { $gt: 1 } } },
  { partialFilterExpression: { a: { $exists: true } } },
  { partialFilterExpression: { $or: [{ c: 1 }, { b: { $in: [1, 'a'] } }] } },
  { collation: { locale: 'en', strength: 2 } },
);

describe('a plan', () => {
  test('finds by any indexes what a scan of the whole collection finds', () => {
    const indexes = fc.array(fc.tuple(keyPattern, indexOptions), { maxLength: 4 });
    const asked = fc.record({
      filter,
      sort,
      limit: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      skip: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      folded: fc.boolean(),
    });
    const documents = fc.array(document, { minLength: 3, maxLength: 25 });
    fc.assert(
      fc.property(
        documents,
        indexes,
        fc.array(asked, { minLength: 5, maxLength: 12 }),
        (docs, specs, queries) => {
          const collection = makeCollection();
          for (const [key, options] of specs) addUnlessThere(collection, key, options);
          for (const [i, doc] of docs.entries())
            insertIfPossible(collection, { _id: i % 3 === 0 ? `id${i}` : i, ...doc });
          // As after a start, when nothing is decoded yet.
          for (const record of collection.view().records.ascending())
            if (record.id % 2 === 0) record.decoded = undefined;
          for (const { folded, ...rest } of queries)
            compareWithScan(collection, rest, folded ? english : undefined);
        },
      ),
      { numRuns: process.env.SOUK_LONG_TESTS ? 400 : 150 },
    );
  });

  function addUnlessThere(collection: Collection, key: Doc, options: Doc): void {
    if (collection.indexes.some(({ spec }) => spec.name === JSON.stringify([key, options]))) return;
    addIndex(collection, key, options);
  }

  function insertIfPossible(collection: Collection, doc: Doc): void {
    try {
      collection.insert(docFrom(Object.entries(doc)));
    } catch (error) {
      // Some documents have two arrays where a compound index allows one.
      assert.equal((error as { code?: number }).code, 171);
    }
  }

  /** MongoDB refuses to sort by two arrays of one document. */
  function isSortable(docs: Doc[], spec: Doc): boolean {
    const compare = compileSort(spec, {});
    try {
      for (const doc of docs) compare(doc, doc);
      return true;
    } catch (error) {
      // Then there is no order to compare.
      assert.match((error as Error).message, /parallel arrays/);
      return false;
    }
  }

  function compareWithScan(
    collection: Collection,
    asked: Partial<Query> & { filter: Doc },
    collation?: Doc,
  ): void {
    const collator = collatorOf(collation);
    const options = collator ? { collator } : {};
    const matches = compileFilter(asked.filter, options);
    const expected = [...collection.view().records.ascending()].map(docOf).filter(matches);
    if (asked.sort && !isSortable(expected, asked.sort)) return;
    const ids = (docs: Doc[]) => docs.map(({ _id }) => _id).sort();
    const all = found(collection, query(asked.filter, { sort: asked.sort }, collation));
    assert.deepEqual(ids(all), ids(expected));

    const { skip = 0, limit = 1000 } = asked;
    const page = found(collection, query(asked.filter, asked, collation));
    assert.equal(page.length, Math.max(0, Math.min(expected.length - skip, limit)));
    if (!asked.sort) return;
    const compare = compileSort(asked.sort, options);
    const inOrder = [...expected].sort(compare).slice(skip, skip + limit);
    page.forEach((doc, i) => {
      assert.equal(compare(doc, inOrder[i]!), 0);
    });
  }
});

describe('an index over arrays', () => {
  test('does not combine conditions that different elements meet', () => {
    const collection = makeCollection();
    addIndex(collection, { 'a.b': 1, 'a.c': 1 });
    collection.insert({
      _id: 1,
      a: [
        { b: 1, c: 2 },
        { b: 3, c: 4 },
      ],
    });
    const asked = query({ 'a.b': 1, 'a.c': 4 });
    expect(stageOf(collection, asked)).toBe('IXSCAN');
    expect(found(collection, asked).length).toBe(1);
  });

  test('does not give the order by elements that the filter leaves out', () => {
    const collection = makeCollection();
    addIndex(collection, { x: 1 });
    collection.insert({ _id: 1, x: [1, 9] });
    collection.insert({ _id: 2, x: [4] });
    const docs = found(collection, query({ x: { $lt: 5 } }, { sort: { x: -1 } }));
    expect(docs.map(({ _id }) => _id)).toEqual([1, 2]);
  });
});

describe('the choice of an index', () => {
  let collection: Collection;
  beforeEach(() => {
    collection = makeCollection();
    for (let i = 0; i < 500; i++) {
      collection.insert(
        docFrom(Object.entries({ _id: i, kind: i % 5, price: i % 97, tags: [i % 3, i % 7], name: `n${i}` })),
      );
    }
  });

  const examined = (asked: Query) => {
    const stats = newStats();
    for (const _ of runPlan(planQuery(collection, asked), { deadline: noDeadline, stats }));
    return stats;
  };

  test('goes to the _id directly', () => {
    expect(stageOf(collection, query({ _id: 7 }))).toBe('IDHACK');
    expect(examined(query({ _id: 7 }))).toMatchObject({ keysExamined: 1, docsExamined: 1, returned: 1 });
    expect(stageOf(collection, query({ _id: { $in: [1, 2] } }))).toBe('IXSCAN');
  });

  test('reads the whole collection when no index helps', () => {
    addIndex(collection, { price: 1 });
    expect(stageOf(collection, query({ name: 'n1' }))).toBe('COLLSCAN');
    expect(stageOf(collection, query({ price: { $ne: 3 } }))).toBe('COLLSCAN');
  });

  test('prefers the index with the fewest keys', () => {
    addIndex(collection, { kind: 1 });
    addIndex(collection, { name: 1 });
    const { access, rejected } = planQuery(collection, query({ kind: 1, name: 'n6' }));
    expect(access.stage === 'IXSCAN' && access.scan.index.spec.key).toEqual({ name: 1 });
    expect(rejected.length).toBe(1);
  });

  test('uses equality, then range, of a compound index', () => {
    addIndex(collection, { kind: 1, price: -1 });
    const stats = examined(query({ kind: 2, price: { $gt: 10, $lte: 12 } }));
    expect(stats.keysExamined).toBe(stats.returned);
    expect(stats.returned).toBeGreaterThan(0);
  });

  test('reads no more than the limit when the index is in the order asked for', () => {
    addIndex(collection, { kind: 1, price: 1 });
    const forward = examined(query({ kind: 2 }, { sort: { price: 1 }, limit: 3 }));
    const backward = examined(query({ kind: 2 }, { sort: { price: -1 }, limit: 3 }));
    expect([forward.docsExamined, backward.docsExamined]).toEqual([3, 3]);
  });

  test('merges the pieces of an $in to keep the order', () => {
    addIndex(collection, { kind: 1, price: 1 });
    const asked = query({ kind: { $in: [1, 3] } }, { sort: { price: 1 }, limit: 4 });
    expect(stageOf(collection, asked)).toBe('SORT_MERGE');
    expect(examined(asked).docsExamined).toBe(4);
  });

  test('reads an $or by the indexes of its branches, but only if each has one', () => {
    addIndex(collection, { price: 1 });
    addIndex(collection, { name: 1 });
    expect(stageOf(collection, query({ $or: [{ price: 3 }, { name: 'n5' }] }))).toBe('OR');
    expect(stageOf(collection, query({ $or: [{ price: 3 }, { other: 5 }] }))).toBe('COLLSCAN');
  });

  test('leaves hidden indexes alone, and sparse and partial ones that lack documents', () => {
    addIndex(collection, { price: 1 }, { hidden: true });
    addIndex(collection, { name: 1 }, { sparse: true });
    addIndex(collection, { kind: 1 }, { partialFilterExpression: { price: { $gt: 50 } } });
    expect(stageOf(collection, query({ price: 1 }))).toBe('COLLSCAN');
    expect(stageOf(collection, query({ name: null }))).toBe('COLLSCAN');
    expect(stageOf(collection, query({ name: 'n1' }))).toBe('IXSCAN');
    expect(stageOf(collection, query({ kind: 1 }))).toBe('COLLSCAN');
    expect(stageOf(collection, query({ kind: 1, price: { $gte: 50 } }))).toBe('COLLSCAN');
    expect(stageOf(collection, query({ kind: 1, price: { $gte: 51 } }))).toBe('IXSCAN');
  });

  test('uses an index of another collation only where no string is looked for', () => {
    addIndex(collection, { name: 1 }, { collation: { locale: 'en', strength: 2 } });
    expect(stageOf(collection, query({ name: 'n1' }))).toBe('COLLSCAN');
    expect(stageOf(collection, query({ name: 5 }))).toBe('IXSCAN');
    expect(stageOf(collection, query({ name: 'N1' }, {}, english))).toBe('IXSCAN');
    expect(found(collection, query({ name: 'N1' }, {}, english)).length).toBe(1);
  });

  test('follows a hint, and refuses one that names no index', () => {
    addIndex(collection, { price: 1 });
    expect(stageOf(collection, query({ name: 'n1' }, { hint: { price: 1 } }))).toBe('IXSCAN');
    expect(stageOf(collection, query({ price: 1 }, { hint: { $natural: -1 } }))).toBe('COLLSCAN');
    expect(() => planQuery(collection, query({}, { hint: 'none' }))).toThrow(
      'hint provided does not correspond to an existing index',
    );
  });

  test('bounds the scan of the hinted index by min and max', () => {
    const asked = query({}, { hint: { _id: 1 }, min: { _id: 10 }, max: { _id: 14 } });
    expect(found(collection, asked).map(({ _id }) => _id)).toEqual([10, 11, 12, 13]);
    expect(() => planQuery(collection, query({}, { min: { _id: 1 } }))).toThrow('hint');
  });

  test('finds nothing at once where a filter contradicts itself', () => {
    addIndex(collection, { price: 1 });
    expect(stageOf(collection, query({ price: { $gt: 5, $lt: 3 } }))).toBe('EOF');
  });
});
