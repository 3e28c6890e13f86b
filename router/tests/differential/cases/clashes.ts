/** One name for what differs by type: valid, since no object is of both, and what both planners get wrong as it stands. */
import { topic } from './topic.ts';

const TWO_RELATED = (artist: string, band: string) =>
  `{ acts { ... on Artist { related { ... on Artist { ${artist} } } } ... on Band { related { ... on Artist { ${band} } } } } }`;

export const clashes = [
  ...topic('festival', [
    [
      'arguments that differ, of entities',
      TWO_RELATED('slots(day: 1) { id }', 'slots(day: 2) { id minutes }'),
    ],
    ['arguments that differ, of plain fields', TWO_RELATED('bio(lang: FR)', 'bio(lang: AR, max: 3)')],
    ['an argument that is left out', TWO_RELATED('slots { id }', 'slots(day: 2) { id }')],
    ['fields that differ', TWO_RELATED('x: slots(day: 1) { id }', 'x: bands { id }')],
    [
      'fields that differ, of one type each',
      '{ search { ... on Artist { x: bands { id } slots(day: 1) { id } } ... on Band { x: slots(day: 2) { id } } } }',
    ],
    [
      'variables that differ',
      `query ($a: Int, $b: Int = 2) ${TWO_RELATED('slots(day: $a) { id }', 'slots(day: $b) { id }')}`,
      { variables: { a: 1 } },
    ],
    [
      'arguments in another order, which are the same',
      TWO_RELATED('bio(lang: FR, max: 2)', 'bio(max: 2, lang: FR)'),
    ],
    [
      'a fragment in one of them',
      `${TWO_RELATED('...F', 'slots(day: 2) { id }')} fragment F on Artist { slots(day: 1) { ...S } } fragment S on Slot { id minutes }`,
    ],
    [
      'a fragment in both, with what differs beside it',
      `${TWO_RELATED('...F bio(lang: FR)', '...F bio(lang: AR)')} fragment F on Artist { name slots(day: 1) { ...S } } fragment S on Slot { id }`,
    ],
    [
      'a fragment in both and elsewhere, which elsewhere clashes with nothing',
      `${TWO_RELATED('...F', 'slots(day: 3) { id }').replace(/}$/, 'artists { ...F } }')} fragment F on Artist { slots(day: 1) { id } }`,
    ],
    [
      'what differs further down',
      TWO_RELATED(
        'slots(day: 1) { stage { slots(first: 1) { id } sold } }',
        'slots(day: 1) { stage { slots(first: 2) { id } sold } }',
      ),
    ],
    [
      'three meanings',
      TWO_RELATED(
        'related { ... on Band { slots(day: 1) { id } } } } ... on Band { related { ... on Band { slots(day: 2) { id } } }',
        'related { ... on Band { slots(day: 3) { id } } }',
      ),
    ],
    [
      'an alias that is the name of a key',
      TWO_RELATED('id: bio(lang: FR) slots { id }', 'id: bio(lang: AR) slots { id }'),
    ],
    [
      'names that end as those on their way',
      TWO_RELATED('x_of_client2: bio(lang: FR) x: bio', 'x_of_client2: bio x: bio(lang: FR)'),
    ],
    [
      'conditions',
      `query ($yes: Boolean!, $no: Boolean!) ${TWO_RELATED('slots(day: 1) @include(if: $yes) { id }', 'slots(day: 2) @skip(if: $no) { id }')}`,
      { variables: { yes: true, no: false } },
    ],
    [
      'conditions above',
      'query ($no: Boolean!) { acts { ... on Artist { related @skip(if: $no) { ... on Artist { slots(day: 1) { id } } } } ... on Band { related { ... on Artist { slots(day: 2) { id } } } } } }',
      { variables: { no: false } },
    ],
    [
      '__typename',
      '{ search { ... on Artist { x: __typename related { ... on Band { x: name } } } ... on Band { x: name related { ... on Band { x: __typename } } } } }',
    ],
    [
      'in a mutation',
      'mutation { artistAdd(input: { name: "a" }) { related { ... on Artist { related { ... on Band { slots(day: 1) { id } } } } ... on Band { related { ... on Band { slots(day: 2) { id } } } } } } }',
    ],
    [
      'an error of each',
      TWO_RELATED('slots(day: 1) { id }', 'slots(day: 2) { id }'),
      { world: { fails: new Set(['Artist.slots']) } },
    ],
    ['a field that is called as the type is', '{ artists { __typename: name slots { id } } }'],
    ['a name for the type that ends as ours', '{ artists { x_of_client: __typename slots { id } } }'],
  ]),
  ...topic('media', [
    [
      'of interface objects',
      '{ any { ... on Book { x: sequel { opinions(first: 1) { stars } } } ... on Film { x: basedOn { opinions(first: 2) { stars } } } } }',
    ],
  ]),
];
