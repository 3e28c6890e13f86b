/** Scalars of every kind, lists in lists, and how they are written. */
import { topic } from './topic.ts';

const RAW = { world: { isRaw: true } };
const OTHER = { world: { isRaw: true, seed: 'other' } };
const ALL = '{ text firm int float flag shade json big when ids grid }';

export const values = topic('values', [
  ['every scalar', `{ things ${ALL} }`],
  ['every scalar, odd notations', `{ things ${ALL} }`, RAW],
  ['every scalar, other odd notations', `{ solid ${ALL} }`, OTHER],
  [
    'every scalar of an entity',
    '{ others { things { text firm int float flag shade json big when ids grid } } }',
    RAW,
  ],
  ['a JSON object', '{ json jsons }'],
  ['JSON in odd notations', '{ json jsons a: json b: jsons }', RAW],
  ['JSON in other odd notations', '{ json jsons things { json more { big } data } }', OTHER],
  ['JSON of entities', '{ things { data json other { late leaf { json } } } }', RAW],
  ['JSON under __proto__', '{ __proto__: json things { __proto__: json } }', RAW],
  ['big numbers', '{ big things { big more { big } } }', RAW],
  ['floats', '{ floats things { float size leaf { float } } }', RAW],
  ['floats, others', '{ floats things { float size leaf { float } } }', OTHER],
  ['ints', '{ ints grid things { int grid } }', RAW],
  ['texts', '{ texts cube things { text firm } }', RAW],
  ['texts, others', '{ texts cube things { text firm leaf { text } } }', OTHER],
  ['lists of lists', '{ grid cube }'],
  ['lists of lists of objects', '{ things { nested { text next { text } } } }'],
  ['lists of lists of entities', '{ things { others { firm late } } }'],
  ['lists with nulls', '{ things { leaves { text } hardLeaves { text } ids } }'],
  [
    'the same value under many names',
    '{ a: json b: json c: texts d: texts things { a: text b: text text } }',
    RAW,
  ],
  ['objects in objects', '{ things { leaf { next { next { next { text json } } } } } }', RAW],
  ['entities in objects', '{ things { more { again { more { hard { late } } } } } }'],
  [
    'entities in lists in objects',
    '{ things { mores { again { firm } hard { late lates { thing { firm } } } } } }',
  ],
  ['an entity and itself', '{ things { id more { again { id more { again { id } } } } } }'],
  [
    'three subgraphs in turn',
    '{ late { thing { firm more { firm } late } other { leaf { text } late } } }',
    RAW,
  ],
  ['value types side by side', '{ things { leaf { text } } others { leaf { text json } } }'],
  ['values told back', '{ echo(json: { a: 1.5 }) { json text } }'],
]);
