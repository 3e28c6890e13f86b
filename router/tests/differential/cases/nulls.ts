/** Fields that fail, entities that are missing, and how far up a null goes. */
import type { Case } from '../run.ts';
import { topic } from './topic.ts';

const fails = (...fields: string[]): Pick<Case, 'world'> => ({ world: { fails: new Set(fields) } });
const missing = (...entities: string[]): Pick<Case, 'world'> => ({ world: { missing: new Set(entities) } });

export const nulls = [
  ...topic('values', [
    ['a nullable leaf', '{ things { text int } }', fails('Thing.text')],
    ['a leaf that must be', '{ things { text firm } }', fails('Thing.firm')],
    ['a leaf that must be, in a list that must be', '{ solid { firm } }', fails('Thing.firm')],
    ['a leaf of one entity', '{ things { firm } }', fails('Thing-1.firm')],
    ['a leaf of an entity elsewhere', '{ things { id size } }', fails('Thing.size')],
    ['a leaf of one entity elsewhere', '{ things { id size } }', fails('Thing-2.size')],
    [
      'a leaf of one entity elsewhere, in a list that must be',
      '{ solid { id size } }',
      fails('Thing-2.size'),
    ],
    ['an object that must be', '{ things { text more { firm } } }', fails('More.firm')],
    ['an object that must be, on the entity', '{ things { text more { firm } } }', fails('Thing.more')],
    ['a list of objects that must be', '{ things { mores { firm soft } } }', fails('More.firm')],
    ['a nullable in a list that must be', '{ things { mores { soft } maybe { soft } } }', fails('More.soft')],
    ['a nullable object', '{ things { maybe { firm } } }', fails('More.firm')],
    ['entities three subgraphs away', '{ things { more { hard { late } } } }', fails('Thing.late')],
    [
      'entities three subgraphs away, one of them',
      '{ things { id more { hard { late } } } }',
      fails('Thing-3.late'),
    ],
    ['lists of lists', '{ things { others { firm } } }', fails('Other.firm')],
    ['leaves in lists of lists', '{ things { nested { text } } }', fails('Leaf.text')],
    [
      'leaves in lists that must be',
      '{ things { hardLeaves { text } leaves { text } hardest { text } } }',
      fails('Leaf.text'),
    ],
    ['the root that must be', '{ late { thing { late } } json }', fails('Thing.late')],
    [
      'the root that must be, and an answer beside it',
      '{ things { text } late { thing { late } } }',
      fails('Query.late'),
    ],
    ['the whole answer', '{ solid { firm } things { text } }', fails('Query.solid')],
    [
      'several fields at once',
      '{ things { text int float flag json big } }',
      fails('Thing.text', 'Thing.float', 'Thing.big'),
    ],
    [
      'under an alias',
      '{ x: things { y: firm } z: things { a: more { b: firm } } }',
      fails('Thing.firm', 'More.firm'),
    ],
    ['under the alias __proto__', '{ __proto__: things { __proto__: firm } }', fails('Thing.firm')],
    [
      'under two aliases',
      '{ things { a: firm b: firm c: text d: text } }',
      fails('Thing.firm', 'Thing.text'),
    ],
    ['in two subgraphs', '{ things { text size late } }', fails('Thing.text', 'Thing.size', 'Thing.late')],
    ['an entity that is missing', '{ things { id size } }', missing('Thing-1')],
    [
      'an entity that is missing everywhere',
      '{ things { text size late lates { thing { firm } } } }',
      missing('Thing-1', 'Thing-2'),
    ],
    [
      'an entity that is missing in a list that must be',
      '{ solid { text size } }',
      missing('Thing-1', 'Thing-2', 'Thing-3', 'Thing-4'),
    ],
    [
      'an entity that is missing, nullable fields only',
      '{ things { text data maybe { soft } } }',
      missing('Thing-1', 'Thing-3'),
    ],
    [
      'an entity that is missing, at its own',
      '{ others { things { text } leaf { text } } late { other { firm } } }',
      missing('Other-1', 'Other-2', 'Thing-2'),
    ],
    [
      'odd values beside failures',
      '{ things { text json firm size float } }',
      { world: { isRaw: true, fails: new Set(['Thing-1.firm', 'Thing-3.size']) } },
    ],
  ]),
  ...topic('festival', [
    [
      'many entities of the same',
      '{ slots(day: 3) { artist { name rider } band { name } } artists(first: 5) { slots { artist { rider } } } }',
      fails('Artist-1.rider', 'Artist-2.name'),
    ],
    [
      'duplicates of one entity',
      '{ artists(first: 5) { slots { stage { title sold } } } }',
      fails('Stage-1.sold', 'Stage-2.sold'),
    ],
    [
      'duplicates that are missing',
      '{ artists(first: 5) { slots { stage { title sold capacity } } } }',
      missing('Stage-1', 'Stage-3'),
    ],
    [
      'lists that must be full',
      '{ me { friends { name tickets { price } } } }',
      fails('Fan-1.name', 'Fan-2.tickets'),
    ],
    [
      'unions',
      '{ search { ... on Artist { name rider } ... on Fan { spent tickets { price } } } }',
      fails('Artist.name', 'Fan.tickets'),
    ],
    [
      'interfaces',
      '{ acts { name ... on Band { members { name } slots { id } } } }',
      fails('Band.slots', 'Artist.name'),
    ],
    [
      'all entities of a fetch',
      '{ artists(first: 5) { rider slots { id } } }',
      fails('Artist.rider', 'Artist.slots'),
    ],
    [
      'the same failure at many depths',
      '{ slots { stage { sold slots { stage { sold } } } } stages { sold grid { stage { sold } } } }',
      fails('Stage.sold'),
    ],
    [
      'roots side by side',
      '{ today price headline { text } me { name } }',
      fails('Query.today', 'Query.price'),
    ],
    ['a root that must be', '{ slots { id } artists { name } }', fails('Query.artists')],
    [
      'skipped failures',
      'query($off: Boolean!) { artists { name @include(if: $off) id rider @include(if: $off) } }',
      { variables: { off: false }, ...fails('Artist.name', 'Artist.rider') },
    ],
  ]),
];
