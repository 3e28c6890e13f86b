import { describe, expect, test } from '@jest/globals';
import { Double } from 'bson';
import type { Doc } from '../values/types.ts';
import { compileProjection, projectionKind } from './projection.ts';

const project = (spec: Doc, doc: Doc, filter: Doc = {}) => compileProjection(spec, { filter })(doc);

describe('inclusion and exclusion', () => {
  const doc: Doc = { _id: 1, a: 1, b: { c: 2, d: 3 }, e: [{ f: 4, g: 5 }, 6, [{ f: 7, g: 8 }]] };
  test.each<[string, Doc, Doc]>([
    ['a field', { a: 1 }, { _id: 1, a: 1 }],
    ['any truth will do', { a: new Double(0.5) }, { _id: 1, a: 1 }],
    ['without _id', { a: true, _id: 0 }, { a: 1 }],
    ['_id only', { _id: 1 }, { _id: 1 }],
    ['all but _id', { _id: 0 }, { a: 1, b: { c: 2, d: 3 }, e: [{ f: 4, g: 5 }, 6, [{ f: 7, g: 8 }]] }],
    ['a nested field', { 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
    ['a nested field as an object', { b: { c: 1 } }, { _id: 1, b: { c: 2 } }],
    ['a missing nested field leaves its parent', { 'b.x': 1 }, { _id: 1, b: {} }],
    ['a field below a scalar', { 'a.x': 1 }, { _id: 1 }],
    ['a field of elements, scalars dropped', { 'e.f': 1 }, { _id: 1, e: [{ f: 4 }, [{ f: 7 }]] }],
    ['exclusion', { a: 0, b: 0 }, { _id: 1, e: [{ f: 4, g: 5 }, 6, [{ f: 7, g: 8 }]] }],
    [
      'exclusion of elements, scalars kept',
      { a: 0, b: 0, 'e.f': 0 },
      { _id: 1, e: [{ g: 5 }, 6, [{ g: 8 }]] },
    ],
    ['exclusion with _id named', { a: 0, b: 0, e: 0, _id: 1 }, { _id: 1 }],
    ['nothing', {}, doc],
  ])('%s', (_, spec, expected) => {
    const result = project(spec, doc);
    expect(result).toEqual(expected);
    expect(Object.keys(result)).toEqual(Object.keys(expected));
  });

  test('fields keep the order of the document', () => {
    expect(Object.keys(project({ c: 1, a: 1 }, { a: 1, b: 2, c: 3, _id: 4 }))).toEqual(['a', 'c', '_id']);
  });

  test('says which kind it is', () => {
    expect([
      projectionKind({ a: 1 }, {}),
      projectionKind({ a: 0 }, {}),
      projectionKind({ _id: 0 }, {}),
    ]).toEqual(['inclusion', 'exclusion', 'exclusion']);
  });
});

describe('expressions', () => {
  test.each<[string, Doc, Doc, Doc]>([
    ['a field path', { x: '$a' }, { _id: 1, a: 5 }, { _id: 1, x: 5 }],
    ['a literal string', { x: 'text' }, { _id: 1 }, { _id: 1, x: 'text' }],
    ['an operator', { x: { $add: ['$a', 1] } }, { _id: 1, a: 5 }, { _id: 1, x: 6 }],
    ['beside included fields', { a: 1, x: '$b' }, { _id: 1, b: 2, a: 5 }, { _id: 1, a: 5, x: 2 }],
    ['a missing value adds nothing', { x: '$nope' }, { _id: 1 }, { _id: 1 }],
    ['inside a document', { 'a.x': '$b' }, { _id: 1, a: { y: 1 }, b: 2 }, { _id: 1, a: { x: 2 } }],
    ['inside each element', { 'a.x': '$b' }, { _id: 1, a: [{ y: 1 }, 3], b: 2 }, { _id: 1, a: [{ x: 2 }] }],
    ['an array of expressions', { x: ['$a', '$nope'] }, { _id: 1, a: 5 }, { _id: 1, x: [5, null] }],
  ])('%s', (_, spec, doc, expected) => {
    expect(project(spec, doc)).toEqual(expected);
  });
});

describe('$slice, $elemMatch and the positional operator of find', () => {
  const doc: Doc = {
    _id: 1,
    a: [1, 2, 3, 4],
    b: 5,
    c: [
      { d: 1, e: [1, 2] },
      { d: 2, e: [3] },
    ],
  };
  test.each<[string, Doc, Doc, Doc]>([
    ['the first', { a: { $slice: 2 }, c: 0 }, {}, { _id: 1, a: [1, 2], b: 5 }],
    ['the last', { a: { $slice: -1 }, c: 0 }, {}, { _id: 1, a: [4], b: 5 }],
    ['from the middle', { a: { $slice: [1, 2] }, c: 0 }, {}, { _id: 1, a: [2, 3], b: 5 }],
    ['from the end', { a: { $slice: [-3, 2] }, c: 0 }, {}, { _id: 1, a: [2, 3], b: 5 }],
    ['beside inclusion', { a: { $slice: 1 }, b: 1 }, {}, { _id: 1, a: [1], b: 5 }],
    ['beside _id', { a: { $slice: 1 }, _id: 1 }, {}, { _id: 1, a: [1] }],
    [
      'inside elements',
      { 'c.e': { $slice: 1 }, a: 0 },
      {},
      {
        _id: 1,
        b: 5,
        c: [
          { d: 1, e: [1] },
          { d: 2, e: [3] },
        ],
      },
    ],
    ['of what is no array', { b: { $slice: 1 }, _id: 1 }, {}, { _id: 1, b: 5 }],
    ['the expression', { x: { $slice: ['$a', 1] } }, {}, { _id: 1, x: [1] }],
    ['$elemMatch', { c: { $elemMatch: { d: 2 } } }, {}, { _id: 1, c: [{ d: 2, e: [3] }] }],
    ['$elemMatch on values', { a: { $elemMatch: { $gt: 2 } }, b: 1 }, {}, { _id: 1, b: 5, a: [3] }],
    ['$elemMatch without a match', { a: { $elemMatch: { $gt: 9 } } }, {}, { _id: 1 }],
    ['a.$', { 'a.$': 1 }, { a: { $gt: 2 } }, { _id: 1, a: [3] }],
    ['a.$ of a dotted condition', { 'c.$': 1 }, { 'c.d': 2 }, { _id: 1, c: [{ d: 2, e: [3] }] }],
    ['a.$ of $elemMatch', { 'c.$': 1 }, { c: { $elemMatch: { d: 2 } } }, { _id: 1, c: [{ d: 2, e: [3] }] }],
    ['c.e.$ cuts the outer array', { 'c.e.$': 1 }, { 'c.e': 3 }, { _id: 1, c: [{ e: [3] }] }],
    ['a.$ of what is no array', { 'b.$': 1 }, { b: 5 }, { _id: 1, b: 5 }],
    ['a.$ under $or', { 'a.$': 1 }, { $or: [{ b: 7 }, { a: 4 }] }, { _id: 1, a: [4] }],
  ])('%s', (_, spec, filter, expected) => {
    const result = project(spec, doc, filter);
    expect(result).toEqual(expected);
    expect(Object.keys(result)).toEqual(Object.keys(expected));
  });

  test('the original is not touched', () => {
    const before = structuredClone(doc);
    project({ 'c.e': { $slice: 1 }, a: 0 }, doc);
    project({ 'c.x': '$b' }, doc);
    expect(doc).toEqual(before);
  });
});

describe('what is wrong with a projection', () => {
  test.each<[Doc, number, string]>([
    [{ a: 1, b: 0 }, 31254, 'Cannot do exclusion on field b in inclusion projection'],
    [{ a: 0, b: 1 }, 31253, 'Cannot do inclusion on field b in exclusion projection'],
    [{ a: 0, b: 'x' }, 31310, 'Cannot use an expression b: "x" in an exclusion projection'],
    [{ a: 0, b: { $add: [1, 2] } }, 31252, 'Cannot use expression other than $meta in exclusion projection'],
    [{ a: 1, 'a.b': 1 }, 31249, 'Path collision at a.b remaining portion b'],
    [{ 'a.b': 1, a: 1 }, 31250, 'Path collision at a'],
    [{ a: {} }, 51270, 'An empty sub-projection is not a valid value. Found empty object at path'],
    [{ '': 1 }, 40352, 'FieldPath cannot be constructed with empty string'],
    [{ 'a.': 1 }, 40353, "FieldPath must not end with a '.'."],
    [
      { $a: 1 },
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    ],
    [{ 'a..b': 1 }, 15998, 'FieldPath field names may not be empty strings.'],
    [
      { a: { $slice: [1, 0] } },
      28724,
      expect.stringContaining('$slice limit must be positive, got 0') as never,
    ],
    [{ a: { $elemMatch: 1 } }, 31274, 'elemMatch: Invalid argument, object required, but got 1'],
    [{ 'a.b': { $elemMatch: {} } }, 31275, 'Cannot use $elemMatch projection on a nested field.'],
    [{ 'a.$': 1, 'b.$': 1 }, 31276, 'Cannot specify more than one positional projection per query.'],
    [{ 'a.$': 1, b: { $elemMatch: {} } }, 31255, 'Cannot specify positional operator and $elemMatch.'],
    [{ b: { $elemMatch: {} }, 'a.$': 1 }, 31256, 'Cannot specify positional operator and $elemMatch.'],
    [
      { 'a.$.b': 1 },
      31394,
      expect.stringContaining("it's illegal to specify positional operator in the middle") as never,
    ],
    [{ 'a.$': { b: 1 } }, 31271, 'positional projection cannot be used with an expression or sub object'],
    [{ 'a.$': 'x' }, 31308, 'positional projection cannot be used with a literal'],
    [{ a: { $meta: 'textScore' } }, 40218, 'query requires text score metadata, but it is not available'],
    [{ a: { $nope: 1 } }, 168, "Unrecognized expression '$nope'"],
  ])('%j', (spec, code, message) => {
    expect(() => compileProjection(spec, { filter: {} })).toThrow(expect.objectContaining({ code, message }));
  });

  test('a.$ where the filter went through no array', () => {
    expect(() => project({ 'a.$': 1 }, { a: [1] }, { b: null })).toThrow(
      expect.objectContaining({
        code: 51246,
        message:
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
      }),
    );
  });

  test('$project knows neither find’s operators nor positions', () => {
    const compile = (spec: Doc) => compileProjection(spec, { aggregation: true });
    expect(() => compile({ a: { $elemMatch: {} } })).toThrow(expect.objectContaining({ code: 168 }));
    expect(() => compile({ 'a.$': 1 })).toThrow(expect.objectContaining({ code: 31324 }));
    expect(compile({ x: { $slice: ['$a', 1] } })({ a: [1, 2] })).toEqual({ x: [1] });
  });
});
