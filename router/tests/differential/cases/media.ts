/** Entities that are interfaces, and interface objects. */
import { topic } from './topic.ts';

export const media = topic('media', [
  ['an entity interface', '{ media { id title } }'],
  ['its fields of an interface object', '{ media { stars opinions { text } } }'],
  ['its fields from both sides', '{ media { title stars year era } }'],
  ['@requires on an interface object', '{ media { era } }'],
  [
    'its types',
    '{ media { __typename title ... on Book { pages } ... on Film { minutes } ... on Song { lyrics } } }',
  ],
  [
    'its types, fields of an interface object inside',
    '{ media { ... on Book { stars pages } ... on Film { era } ... on Song { opinions { stars } } } }',
  ],
  ['a type by itself', '{ book(id: "1") { title stars era opinions { text } borrowers { nick } } }'],
  [
    'types of other subgraphs',
    '{ media { ... on Book { copies borrowers { nick } } ... on Film { seen } } }',
  ],
  ['from an interface object to its type', '{ best { __typename title } }'],
  ['from an interface object, its own fields alone', '{ best { id stars } }'],
  ['from an interface object, __typename alone', '{ best { __typename } }'],
  [
    'from an interface object to fields of a type',
    '{ best { ... on Book { pages copies } ... on Film { minutes seen } ... on Song { lyrics } } }',
  ],
  ['from an interface object, one type of it', '{ best { ... on Song { lyrics stars } } }'],
  ['lists of interface objects', '{ opinions { about { title stars __typename } } }'],
  [
    'lists of interface objects, their types',
    '{ opinions(first: 4) { about { ... on Book { pages } ... on Film { title } } } }',
  ],
  ['there and back', '{ opinions { about { opinions { about { title } } } } }'],
  [
    'there and back through types',
    '{ books { sequel { title opinions { about { ... on Book { sequel { era } } } } } } }',
  ],
  [
    'another interface over the same types',
    '{ media { ... on Sized { size } } any { ... on Sized { size } } shelf { size ... on Sized { size } } }',
  ],
  ['another interface, then the first', '{ any { ... on Sized { size ... on Media { title stars } } } }'],
  ['a union of them', '{ any { __typename ... on Media { title era } ... on Shelf { label } } }'],
  [
    'a union of them, type by type',
    '{ any { ... on Book { stars } ... on Film { basedOn { stars title } } ... on Shelf { media { stars } } } }',
  ],
  ['a nullable list with nulls', '{ shelf { media { id title stars } } }'],
  [
    'a reader of media',
    '{ reader(id: "1") { email nick read { title stars } books { title stars copies } last { title seen } } }',
  ],
  [
    'an interface by id',
    '{ a: medium(id: "Book-1") { title stars } b: medium(id: "Film-2") { title era } c: medium(id: "Song-3") { opinions { stars } } }',
  ],
  [
    'aliases',
    '{ media { id: title title: id stars: era era: stars __proto__: opinions { about: text text: about { id } } } }',
  ],
  ['a mutation', 'mutation { rate(id: "Film-1", stars: 4) { title stars } }'],
  [
    'a mutation, types of it',
    'mutation { rate(id: "Book-2", stars: 1) { __typename ... on Book { pages borrowers { email } } } }',
  ],
  [
    'fragments',
    '{ media { ...M } best { ...M } opinions { about { ...M } } } fragment M on Media { title ...B era } fragment B on Book { copies stars }',
  ],
  [
    'conditions',
    'query($on: Boolean!) { media { stars @include(if: $on) ... on Book @skip(if: $on) { pages } era } best { title @skip(if: $on) } }',
    { variables: { on: true } },
  ],
  [
    'the same entity as interface and type',
    '{ media { id stars } books { id stars } any { ... on Book { id stars } } }',
  ],
  [
    'some are missing',
    '{ media { title stars } opinions { about { title } } }',
    { world: { missing: new Set(['Book-1', 'Film-2', 'Song-3', 'Song-1']) } },
  ],
  [
    'an interface object fails',
    '{ media { title stars era } }',
    { world: { fails: new Set(['Media.stars']) } },
  ],
  [
    'a type fails',
    '{ media { title ... on Book { pages } } best { ... on Film { minutes } } }',
    { world: { fails: new Set(['Book.pages', 'Film.minutes']) } },
  ],
  [
    'what must not be null fails',
    '{ opinions { stars about { title } } best { title } }',
    { world: { fails: new Set(['Song.title', 'Book.title', 'Film.title']) } },
  ],
  [
    'odd notations',
    '{ media { title year era stars } opinions { text stars about { title } } }',
    { world: { isRaw: true } },
  ],
  [
    'entities whose type comes back as null, asked for once more',
    '{ opinions(first: 3) { about { title era } } }',
    { faults: [{ subgraph: 'library', kind: 'some __typename null' }] },
  ],
]);
