/** Names, aliases, the same field more than once. */
import { topic } from './topic.ts';

export const fields = topic('festival', [
  ['one leaf', '{ today }'],
  ['roots of several subgraphs', '{ today stages { title } ticket(id: "1") { price } me { name } }'],
  [
    'roots in an order that no subgraph has',
    '{ price stages { id } today headline { text } artists { id } }',
  ],
  ['an entity of another subgraph', '{ artist(id: "1") { slots { minutes } } }'],
  ['an entity there and back', '{ artist(id: "1") { name slots { artist { name slots { minutes } } } } }'],
  ['four subgraphs deep', '{ tickets(ids: ["1", "2"]) { slot { stage { title sold } band { name } } } }'],
  [
    'fields in another order than the schema',
    '{ artist(id: "2") { slots { id } born bands { id } genre name id } }',
  ],
  ['key fields alone', '{ artist(id: "1") { id slots { id } } }'],
  ['no key field', '{ artist(id: "1") { name rider } }'],
  ['an id that is not there', '{ artist(id: "none") { name slots { id } } }'],
  ['an alias', '{ star: artist(id: "1") { title: name } }'],
  [
    'an alias that is another field',
    '{ artist(id: "1") { name: genre genre: name slots: rider rider: slots { id } } }',
  ],
  ['an alias of the key', '{ artist(id: "1") { key: id id: name slots { minutes: id id: minutes } } }'],
  [
    'two aliases of one field',
    '{ a: artist(id: "1") { name } b: artist(id: "2") { name } c: artist(id: "1") { name } }',
  ],
  ['aliases below entities', '{ artists { d1: slots(day: 1) { id } d2: slots(day: 2) { id minutes } } }'],
  ['aliases __proto__', '{ __proto__: artist(id: "1") { __proto__: name } }'],
  ['aliases __proto__ on an entity field', '{ artists { __proto__: slots { __proto__: minutes } } }'],
  ['aliases __proto__ on a leaf of an entity', '{ stages { title __proto__: sold } }'],
  ['aliases __proto__ on a list', '{ __proto__: artists { id name } }'],
  ['aliases constructor', '{ constructor: artist(id: "1") { constructor: name slots { constructor: id } } }'],
  [
    'aliases toString and valueOf',
    '{ toString: stages { toString: title valueOf: sold } hasOwnProperty: today }',
  ],
  ['aliases length and then', '{ then: artists { length: name then: slots { then: id } } length: today }'],
  [
    'aliases data, errors and extensions',
    '{ data: artists { errors: name data: slots { id } } errors: today extensions: today }',
  ],
  [
    'aliases _entities and representations',
    '{ _entities: artists { representations: slots { _entities: id } _entities: rider } }',
  ],
  ['aliases with underscores and digits', '{ _: today _1: today a1: today A: today }'],
  ['an alias of 1000 letters', `{ ${'a'.repeat(1000)}: artists { ${'b'.repeat(1000)}: slots { id } } }`],
  ['a field twice', '{ today today artist(id: "1") { name name } }'],
  ['an object twice', '{ artist(id: "1") { name } artist(id: "1") { genre } }'],
  [
    'an object twice, with entities in both',
    '{ artist(id: "1") { slots { id } } artist(id: "1") { slots { minutes } rider } }',
  ],
  [
    'an object twice, deep',
    '{ artist(id: "1") { slots { stage { title } } slots { stage { sold doors { name } } } } }',
  ],
  ['a list twice', '{ artists { name } artists { slots { id } } artists { name } }'],
  [
    'an order that the first of two decides',
    '{ artist(id: "1") { name genre } me { id } artist(id: "1") { id name born } }',
  ],
  [
    'fields that merge through fragments',
    '{ artists { ...A slots { id } ...B } } fragment A on Artist { slots { minutes } name } fragment B on Artist { slots { id stage { id } } }',
  ],
  ['the same field with the same arguments', '{ artist(id: "1") { bio(lang: FR) bio(lang: FR) } }'],
  [
    'the same field with other arguments',
    '{ artist(id: "1") { bio en: bio(lang: EN) fr: bio(lang: FR, max: 3) } }',
  ],
  ['__typename of a root', '{ __typename today }'],
  ['__typename alone', '{ __typename }'],
  [
    '__typename twice',
    '{ __typename a: __typename __typename artist(id: "1") { t: __typename __typename } }',
  ],
  [
    '__typename everywhere',
    '{ __typename artists { __typename slots { __typename stage { __typename doors { __typename contact { __typename } } } } manager { __typename } } }',
  ],
  ['__typename alone of entities', '{ artists { __typename slots { __typename } } }'],
  ['__typename under the alias __proto__', '{ artists { __proto__: __typename name } }'],
  [
    '__typename under a name of a field',
    '{ artists { name: __typename id: __typename slots { id: __typename } } }',
  ],
  ['__typename first and last', '{ stages { __typename title sold kind: __typename } }'],
  [
    'a value type of two subgraphs',
    '{ artists { manager { name contact { email phones } } } stages { doors { contact { phones } name } } }',
  ],
  [
    'a deep way through one entity',
    '{ headline { slot { headline { slot { headline { slot { headline { artist { name slots { id } } } } } } } } } }',
  ],
  [
    'the same entity at many places',
    '{ headline { artist { name rider } slot { artist { name rider } } } slots { artist { name rider } headline { artist { name rider } } } }',
  ],
  ['lists in lists of entities', '{ stages { grid { id minutes sold } } }'],
  [
    'lists in lists of entities, further on',
    '{ stages { grid { artist { name } band { members { name rider } } } } }',
  ],
  ['an entity list with nulls', '{ bands { members { name rider } } }'],
  ['the operation has a name', 'query Lineup { artists { name slots { id } } }'],
  ['one operation of several', 'query A { today } query B { artists { name } }', { operationName: 'B' }],
  [
    'one of several that share fragments',
    'query A { artists { ...F } } query B { me { favourite { ...F } } } fragment F on Act { name }',
    { operationName: 'B' },
  ],
  [
    'a mutation beside a query, not run',
    'mutation M { artistDrop(id: "1") } query Q { today }',
    { operationName: 'Q' },
  ],
  ['comments, commas and marks', '\ufeff{,,today # here\n,artists(first:1,){name,}}'],
  [
    'forty aliases of one lookup',
    `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: artist(id: "${i % 7}") { name slots { id } }`).join(' ')} }`,
  ],
  ['twenty levels', `{ slots { ${'stage { slots { '.repeat(10)} id ${'} } '.repeat(10)} } }`],
  [
    'a list of one, of none, of many',
    '{ one: artists(first: 1) { rider } none: artists(first: 0) { rider } many: artists(first: 5) { rider } }',
  ],
  ['entities of none are not asked for', '{ artists(first: 0) { slots { stage { sold } } } }'],
  [
    'two ways to one subgraph, side by side',
    '{ artists { slots { id } bands { slots { id } members { slots { id } } } } }',
  ],
]);
