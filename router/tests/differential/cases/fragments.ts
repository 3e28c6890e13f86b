/** Interfaces, unions, and fragments on and across them. */
import { topic } from './topic.ts';

export const fragments = topic('festival', [
  ['fields of an interface', '{ acts { id name genre } }'],
  ['an interface and its types', '{ acts { name ... on Artist { born } ... on Band { formed } } }'],
  ['one type of an interface', '{ acts { ... on Band { formed members { name } } } }'],
  [
    'entities through an interface',
    '{ acts { ... on Artist { slots { minutes } } ... on Band { slots { id } } } }',
  ],
  [
    'an interface by id',
    '{ a: act(id: "Artist-1") { __typename name } b: act(id: "Band-2") { __typename name } }',
  ],
  ['an interface in an interface', '{ acts { ... on Named { name } } }'],
  ['an interface inside an object', '{ artists { ... on Act { name ... on Named { id } } } }'],
  [
    'an interface inside an object, then its type',
    '{ artists { ... on Act { ... on Artist { slots { id } } genre } } }',
  ],
  [
    'an interface of interfaces, related',
    '{ acts { related { related { name __typename ... on Band { slots { id } } } } } }',
  ],
  ['a union', '{ search { __typename ... on Artist { name } ... on Band { formed } ... on Fan { id } } }'],
  ['a union without __typename', '{ search { ... on Artist { name } ... on Band { formed } } }'],
  ['a union with __typename alone', '{ search { __typename } }'],
  ['a union through an interface', '{ search { ... on Named { name } ... on Act { genre } } }'],
  [
    'a union, entities below',
    '{ search { ... on Artist { rider } ... on Fan { spent spotted { title } } ... on Band { slots { id } } } }',
  ],
  ['a union with nulls', '{ me { likes { __typename ... on Named { name } } } }'],
  [
    'a union of entities of elsewhere',
    '{ slots { guests { __typename ... on Artist { name } ... on Fan { name spent } ... on Helper { nick boss { nick } } } } }',
  ],
  [
    'a union, its types in another order',
    '{ slots { guests { ... on Helper { shift } ... on Fan { id } ... on Artist { id } __typename } } }',
  ],
  ['a union, one type only', '{ slots { guests { ... on Helper { nick } } } }'],
  [
    'same names on different types',
    '{ search { ... on Artist { x: born } ... on Band { x: formed } ... on Fan { x: spent } } }'
      .replace('x: formed', 'y: formed')
      .replace('x: spent', 'z: spent'),
  ],
  [
    'same names, other fields',
    '{ acts { ... on Artist { label: name list: slots { id } } ... on Band { label: name list: slots { minutes } } } }',
  ],
  [
    'same objects on different types',
    '{ search { ... on Artist { slots { id } } ... on Band { slots { minutes } } } }',
  ],
  ['a fragment with a name', '{ artists { ...F } } fragment F on Artist { name slots { id } }'],
  [
    'a fragment twice',
    '{ artists { ...F ...F slots { ...S } } me { favourite { ...F } } } fragment F on Artist { name slots { ...S } } fragment S on Slot { id }',
  ],
  [
    'fragments in fragments',
    '{ artists { ...A } } fragment A on Artist { ...B name } fragment B on Act { ...C } fragment C on Named { id }',
  ],
  [
    'a fragment on the root',
    '{ ...Q } fragment Q on Query { today artists { name } ... on Query { price } }',
  ],
  [
    'a fragment without a type',
    '{ ... { today ... { price } } artists { ... { name ... { slots { id } } } } }',
  ],
  ['a fragment that never fits', '{ artists { ... on Named { ... on Fan { spent } name } } }'],
  [
    'a fragment that never fits, alone',
    '{ acts { ... on Artist { ... on Named { ... on Band { formed } } } } }',
  ],
  ['a fragment across interfaces', '{ me { ... on Named { ... on Fan { spent tickets { price } } } } }'],
  [
    'overlapping conditions',
    '{ search { ... on Act { name } ... on Named { name id } ... on Artist { name id born } } }',
  ],
  [
    'conditions with entity fields in both',
    '{ search { ... on Act { ... on Artist { rider } } ... on Named { ... on Artist { slots { id } } } } }',
  ],
  [
    '__typename inside conditions',
    '{ search { ... on Artist { __typename } ... on Band { t: __typename } __typename } }',
  ],
  [
    'the interface of a favourite',
    '{ me { favourite { id name ... on Artist { slots { stage { sold } } } } } }',
  ],
  [
    'deep conditions',
    '{ search { ... on Fan { likes { ... on Artist { related { ... on Band { members { rider } } } } } } } }',
  ],
  [
    'a fragment spread between fields',
    '{ artists { born ...F genre } } fragment F on Artist { genre name born }',
  ],
  [
    'fields of a fragment that are there already',
    '{ artists { ...F name slots { minutes id } } } fragment F on Artist { slots { id } name }',
  ],
  [
    'an interface beside its own objects',
    '{ acts { manager { name } ... on Artist { manager { contact { email } } } ... on Band { manager { contact { phones } } } } }',
  ],
  [
    'types in types in one list',
    '{ me { likes { ... on Fan { likes { __typename ... on Band { formed } } } ... on Band { members { born } } } } }',
  ],
]);
