/** @skip and @include: on fields, fragments, and inside each other. */
import { topic } from './topic.ts';

const ON = { variables: { on: true, off: false } };
const declared = (fields: string) =>
  `query($on: Boolean!, $off: Boolean!) { ${fields} a: price @skip(if: $off) b: price @skip(if: $on) }`;

export const conditions = topic('festival', [
  ['@skip of a leaf', '{ artist(id: "1") { name @skip(if: true) genre @skip(if: false) } }'],
  ['@include of a leaf', '{ artist(id: "1") { name @include(if: true) genre @include(if: false) } }'],
  ['@skip of an only leaf', '{ artist(id: "1") { name @skip(if: true) } }'],
  ['@skip of an only root', '{ today @skip(if: true) }'],
  ['@skip of all roots', '{ today @skip(if: true) artists @include(if: false) { name } }'],
  ['@skip of an entity field', '{ artists { name slots @skip(if: true) { id } } }'],
  ['@skip of an only entity field', '{ artists { slots @skip(if: true) { id } } }'],
  ['@skip of everything below entities', '{ artists { slots { stage { title @skip(if: true) } } } }'],
  ['@skip of a key', '{ artists { id @skip(if: true) slots { id @skip(if: true) minutes } } }'],
  [
    '@skip of __typename',
    '{ artists { __typename @skip(if: true) name } acts { __typename @include(if: false) } }',
  ],
  [
    'both, agreeing',
    '{ today @skip(if: false) @include(if: true) price @skip(if: true) @include(if: false) }',
  ],
  ['both, skipped', '{ today @skip(if: true) @include(if: true) price }'],
  ['both, not included', '{ today @skip(if: false) @include(if: false) price }'],
  ['by variables', declared('artists { name @include(if: $on) genre @include(if: $off) }'), ON],
  [
    'by variables, on entities',
    declared('artists { slots @include(if: $on) { id } rider @include(if: $off) }'),
    ON,
  ],
  [
    'by variables, nested',
    declared(
      'artists @skip(if: $off) { slots @include(if: $on) { stage @skip(if: $on) { title } minutes @skip(if: $off) } }',
    ),
    ON,
  ],
  [
    'by variables, on fragments',
    declared(
      'artists { ... on Artist @include(if: $on) { name } ... on Artist @include(if: $off) { genre } }',
    ),
    ON,
  ],
  [
    'by variables, on spreads',
    `${declared('artists { ...A @include(if: $on) ...B @skip(if: $on) }')} fragment A on Artist { slots { id } } fragment B on Artist { rider }`,
    ON,
  ],
  [
    'by variables, in a fragment',
    `${declared('artists { ...A }')} fragment A on Artist { slots @skip(if: $on) { id } rider @include(if: $on) }`,
    ON,
  ],
  [
    'by both variables',
    declared(
      'artists @include(if: $on) @skip(if: $off) { name } me @include(if: $on) @skip(if: $on) { name }',
    ),
    ON,
  ],
  [
    'by a variable with a default',
    'query($on: Boolean = true, $off: Boolean! = false) { today @include(if: $on) price @skip(if: $off) }'.replace(
      '$on: Boolean =',
      '$on: Boolean! =',
    ),
  ],
  [
    'by a default, overruled',
    'query($on: Boolean! = true) { today @include(if: $on) artists @skip(if: $on) { name } }',
    { variables: { on: false } },
  ],
  ['a field twice, one skipped', '{ artists { name @skip(if: true) name } }'],
  [
    'a field twice, each under another condition',
    'query($on: Boolean!, $off: Boolean!) { artists { name @include(if: $off) name @include(if: $on) genre @include(if: $off) genre @skip(if: $on) } }',
    ON,
  ],
  [
    'an object twice, each under another condition',
    'query($on: Boolean!, $off: Boolean!) { artists { slots @include(if: $on) { id } slots @include(if: $off) { minutes } slots @skip(if: $off) { stage { title } } } }',
    ON,
  ],
  [
    'an object twice, the other way',
    'query($on: Boolean!, $off: Boolean!) { artists { slots @include(if: $on) { id } slots @include(if: $off) { minutes } slots @skip(if: $off) { stage { title } } } }',
    { variables: { on: false, off: true } },
  ],
  [
    'fragments in fragments',
    'query($on: Boolean!) { artists { ... @include(if: $on) { ... @skip(if: $on) { name } ... @include(if: $on) { genre slots { id } } } } }',
    { variables: { on: true } },
  ],
  [
    'fragments in fragments, off',
    'query($on: Boolean!) { artists { ... @include(if: $on) { ... @skip(if: $on) { name } ... @include(if: $on) { genre slots { id } } } id } }',
    { variables: { on: false } },
  ],
  [
    'on an abstract type',
    'query($on: Boolean!) { acts { ... on Artist @include(if: $on) { name slots { id } } ... on Band @skip(if: $on) { members { name } } __typename } }',
    { variables: { on: true } },
  ],
  [
    'on a union',
    'query($on: Boolean!) { search { ... on Fan @include(if: $on) { spent } ... on Artist @skip(if: $on) { rider } ... on Band { name @skip(if: $on) } } }',
    { variables: { on: false } },
  ],
  [
    'a fetch that is only needed sometimes',
    'query($on: Boolean!) { artists { name ... @include(if: $on) { slots { stage { sold } } } } }',
    { variables: { on: false } },
  ],
  [
    'a fetch that is needed this time',
    'query($on: Boolean!) { artists { name ... @include(if: $on) { slots { stage { sold } } } } }',
    { variables: { on: true } },
  ],
  [
    'a fetch for @requires, sometimes',
    'query($on: Boolean!) { artist(id: "1") { ... @include(if: $on) { rider } slots @skip(if: $on) { sold } } }',
    { variables: { on: true } },
  ],
  [
    'three conditions in a row',
    'query($a: Boolean!, $b: Boolean!, $c: Boolean!) { artists @include(if: $a) { slots @include(if: $b) { sold @include(if: $c) minutes } } }',
    { variables: { a: true, b: true, c: false } },
  ],
  [
    'on introspection',
    'query($on: Boolean!) { __schema @include(if: $on) { queryType { name } } __type(name: "Artist") @skip(if: $on) { name } today }',
    { variables: { on: true } },
  ],
  [
    'in a mutation',
    'mutation($on: Boolean!) { artistDrop(id: "1") @skip(if: $on) artistRename(id: "1", name: "x") @include(if: $on) { name slots @skip(if: $on) { id } } }',
    { variables: { on: true } },
  ],
]);
