/** What the schema says of itself, mixed with data. */
import { getIntrospectionQuery } from 'graphql';
import { topic } from './topic.ts';

export const introspection = topic('festival', [
  ['__schema', '{ __schema { queryType { name } mutationType { name } subscriptionType { name } } }'],
  ['__type', '{ __type(name: "Artist") { name kind fields { name type { kind name ofType { name } } } } }'],
  ['__type of nothing', '{ __type(name: "Nobody") { name } }'],
  [
    '__type by a variable',
    'query($n: String!) { __type(name: $n) { name enumValues { name } } }',
    { variables: { n: 'Genre' } },
  ],
  ['__type by a default', 'query($n: String! = "Hit") { __type(name: $n) { possibleTypes { name } } }'],
  [
    'data before and after',
    '{ today __schema { queryType { name } } artists { name slots { id } } __type(name: "Genre") { kind } }',
  ],
  [
    'aliases',
    '{ a: __type(name: "Artist") { name } __proto__: __type(name: "Band") { name } b: __schema { types { n: name } } }',
  ],
  [
    'the same twice',
    '{ __schema { queryType { name } } __schema { mutationType { name } } }'.replace(
      '} } __schema',
      '} mutationType { kind } } __schema',
    ),
  ],
  [
    'inside a fragment',
    '{ ...Q today } fragment Q on Query { __schema { directives { name args { name defaultValue } } } }',
  ],
  [
    'with fragments of its own',
    '{ __type(name: "Act") { ...T possibleTypes { ...T } } } fragment T on __Type { name kind interfaces { name } }',
  ],
  [
    'deprecated and default values',
    '{ __type(name: "ArtistInput") { inputFields(includeDeprecated: true) { name defaultValue type { kind } } } }',
  ],
  ['__typename inside', '{ __schema { __typename types { __typename name } } }'],
  [
    'conditions inside',
    'query($on: Boolean!) { __type(name: "Artist") { name @skip(if: $on) kind @include(if: $on) } }',
    { variables: { on: true } },
  ],
  ['the whole of it', getIntrospectionQuery()],
  [
    "federation's own parts are not there",
    '{ __type(name: "_Entity") { name } any: __type(name: "_Any") { name } join: __type(name: "join__Graph") { name } }',
  ],
  [
    'data that fails beside it',
    '{ __schema { queryType { name } } artist(id: "1") { name } }',
    { world: { fails: new Set(['Artist.name']) } },
  ],
]);
