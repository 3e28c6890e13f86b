import { expect, test } from '@jest/globals';
import { long } from '../expressions/tests/table.ts';
import type { Doc } from '../values/types.ts';
import { expectResult, refusals, run } from './tests/run.ts';

const employees = [
  { _id: 1, name: 'Dev' },
  { _id: 2, name: 'Eliot', reportsTo: 'Dev' },
  { _id: 3, name: 'Ron', reportsTo: 'Eliot' },
  { _id: 4, name: 'Andrew', reportsTo: 'Eliot' },
  { _id: 5, name: 'Asya', reportsTo: ['Ron', 'Dev'] },
];
const hierarchy = {
  from: 'employees',
  startWith: '$reportsTo',
  connectFromField: 'reportsTo',
  connectToField: 'name',
  as: 'chain',
};
const company = { docs: employees, collections: { employees } };
const chains = (docs: Doc[]) => docs.map((doc) => (doc.chain as Doc[]).map((each) => each.name));

test('$graphLookup follows a field to the end, through arrays, finding each once', () => {
  expect(chains(run([{ $graphLookup: hierarchy }], company))).toEqual([
    [],
    ['Dev'],
    ['Eliot', 'Dev'],
    ['Eliot', 'Dev'],
    ['Dev', 'Ron', 'Eliot'],
  ]);
});

test('$graphLookup tells the depth, stops at one, and keeps to a filter', () => {
  const shallow = { ...hierarchy, maxDepth: 0, depthField: 'depth' };
  expectResult([{ $match: { _id: 3 } }, { $graphLookup: shallow }, { $project: { chain: 1 } }], company, [
    { _id: 3, chain: [{ _id: 2, name: 'Eliot', reportsTo: 'Dev', depth: long(0) }] },
  ]);
  const restricted = { ...hierarchy, restrictSearchWithMatch: { name: { $ne: 'Eliot' } } };
  expect(chains(run([{ $graphLookup: restricted }], company)).at(-1)).toEqual(['Dev', 'Ron']);
});

test('$graphLookup ends in a circle', () => {
  const circle = [
    { _id: 1, a: 1, b: 2 },
    { _id: 2, a: 2, b: 1 },
  ];
  const graph = { from: 'c', startWith: '$b', connectFromField: 'b', connectToField: 'a', as: 'chain' };
  const found = run([{ $graphLookup: graph }], { docs: circle, collections: { c: circle } });
  expect(found.map((doc) => (doc.chain as Doc[]).map((each) => each._id))).toEqual([
    [2, 1],
    [1, 2],
  ]);
});

refusals('$graphLookup', [
  [[{ $graphLookup: 1 }], 9],
  [[{ $graphLookup: { ...hierarchy, maxDepth: 'x' } }], 40100],
  [[{ $graphLookup: { ...hierarchy, maxDepth: -1 } }], 40101],
  [[{ $graphLookup: { ...hierarchy, maxDepth: 1.5 } }], 40102],
  [[{ $graphLookup: { ...hierarchy, from: 1 } }], 40103],
  [[{ $graphLookup: { ...hierarchy, x: 1 } }], 40104],
  [[{ $graphLookup: { from: 'a' } }], 40105],
  [[{ $graphLookup: { ...hierarchy, restrictSearchWithMatch: 1 } }], 40185],
  [[{ $graphLookup: { ...hierarchy, connectToField: '$a' } }], 16410],
]);
