/** Variables and arguments of every kind; `echo` says what arrived. */
import { topic } from './topic.ts';

const echo = (declared: string, args: string) => `query(${declared}) { echo(${args}) { text } }`;

export const variables = [
  ...topic('festival', [
    ['an id', 'query($id: ID!) { artist(id: $id) { name slots { id } } }', { variables: { id: '2' } }],
    ['an id that is a number', 'query($id: ID!) { artist(id: $id) { name } }', { variables: { id: 3 } }],
    ['an enum', 'query($g: Genre) { artists(genre: $g) { name } }', { variables: { g: 'JAZZ' } }],
    ['an enum, null', 'query($g: Genre) { artists(genre: $g) { name } }', { variables: { g: null } }],
    ['an enum, absent', 'query($g: Genre) { artists(genre: $g) { name } }', { variables: {} }],
    ['an enum with a default', 'query($g: Genre = RAI) { artists(genre: $g) { name } }'],
    [
      'an enum, null over a default',
      'query($g: Genre = RAI) { artists(genre: $g) { name } }',
      { variables: { g: null } },
    ],
    [
      'an input object',
      'query($f: ArtistFilter) { artists(filter: $f) { name } }',
      { variables: { f: { name: 'x', genres: ['RAI'], not: { born: { max: 2000 } } } } },
    ],
    [
      'a value inside an input object',
      'query($n: String, $g: [Genre!]) { artists(filter: { name: $n, genres: $g, born: { max: 3 } }) { name } }',
      { variables: { n: 'é', g: ['RAI', 'JAZZ'] } },
    ],
    [
      'a value inside an input object, absent',
      'query($n: String) { artists(filter: { name: $n }) { name } }',
    ],
    [
      'a list of one given bare',
      'query($g: [Genre!]) { search(genres: $g) { __typename } }',
      { variables: { g: 'RAI' } },
    ],
    [
      'a list with nulls',
      'query($k: [TicketKind]) { price(of: $k) }',
      { variables: { k: [null, 'DAY', null] } },
    ],
    ['a list, empty', 'query($k: [TicketKind]) { price(of: $k) }', { variables: { k: [] } }],
    ['a list with a default', '{ price }'],
    [
      'a list of literals and variables',
      'query($k: TicketKind) { price(of: [DAY, $k]) }',
      { variables: { k: 'WEEK' } },
    ],
    [
      'ids in a list',
      'query($ids: [ID!]!) { tickets(ids: $ids) { id holder { name } } }',
      { variables: { ids: ['1', '2', '2'] } },
    ],
    ['on an entity field', 'query($d: Int) { artists { slots(day: $d) { id } } }', { variables: { d: 2 } }],
    [
      'on an entity field, null',
      'query($d: Int) { artists { slots(day: $d) { id } } }',
      { variables: { d: null } },
    ],
    ['on an entity field, absent', 'query($d: Int) { artists { slots(day: $d) { id } } }'],
    ['on an entity field, with a default', 'query($d: Int = 7) { artists { slots(day: $d) { id } } }'],
    [
      'one variable in two subgraphs',
      'query($n: Int) { artists(first: $n) { name } stages { slots(first: $n) { id } } }',
      { variables: { n: 2 } },
    ],
    [
      'different variables on two levels',
      'query($a: Int, $k: TicketKind) { stages { slots(first: $a) { id } } me { tickets(kind: $k) { id } } }',
      { variables: { a: 1, k: 'DAY' } },
    ],
    [
      'a point',
      'query($p: Point) { stages(near: $p) { id sold } }',
      { variables: { p: { lat: 33.5, lon: -7 } } },
    ],
    [
      'a variable named representations2',
      'query($representations2: Int) { artists { slots(day: $representations2) { id } } }',
      { variables: { representations2: 1 } },
    ],
    [
      'a variable named __proto__',
      'query($__proto__: Int) { artists { slots(day: $__proto__) { id } } }',
      { variables: JSON.parse('{"__proto__":1}') },
    ],
    [
      'a variable named constructor',
      'query($constructor: Int) { artists { slots(day: $constructor) { id } } }',
    ],
    ['a variable named toString', 'query($toString: String) { search(text: $toString) { __typename } }'],
    [
      'variables that nobody declared',
      'query($id: ID!) { artist(id: $id) { rider } }',
      { variables: { id: '1', more: [1], id2: null } },
    ],
    [
      'arguments in another order',
      '{ artists(genre: RAI, first: 2) { name bio(max: 2, lang: AR) } b: artists(first: 2, genre: RAI) { name } }',
    ],
  ]),
  ...topic('values', [
    ['a text', echo('$v: String', 'text: $v'), { variables: { v: 'a "b" \\ \u2028 سوق 𝄞 \u0000' } }],
    ['a text, lone surrogate', echo('$v: String', 'text: $v'), { variables: { v: '\ud800x' } }],
    ['a text, empty', echo('$v: String', 'text: $v'), { variables: { v: '' } }],
    ['a text with a default', echo('$v: String = "dé\\u0041"', 'text: $v')],
    ['a block text', '{ echo(text: """\n  block "text"\n    more\n  """) { text } }'],
    ['an int', echo('$v: Int', 'int: $v'), { variables: { v: -2147483648 } }],
    ['an int as a float', echo('$v: Float', 'float: $v'), { variables: { v: 3 } }],
    ['a float', echo('$v: Float', 'float: $v'), { variables: { v: 1.5e300 } }],
    ['a float in other notations', '{ echo(float: 1.50E+2) { text } }'],
    ['a flag', echo('$v: Boolean', 'flag: $v'), { variables: { v: false } }],
    [
      'all at once',
      echo(
        '$a: String, $b: Int, $c: Float, $d: Boolean, $e: ID',
        'id: $e, flag: $d, float: $c, int: $b, text: $a',
      ),
      { variables: { a: 'a', b: 1, c: 2.5, d: true, e: 7 } },
    ],
    [
      'some absent, some null',
      echo('$a: String, $b: Int, $c: Float = 2', 'text: $a, int: $b, float: $c'),
      { variables: { b: null } },
    ],
    ['JSON', echo('$v: JSON', 'json: $v'), { variables: { v: { a: [1, { b: null, '': '' }], n: 1e21 } } }],
    ['JSON, null', echo('$v: JSON', 'json: $v'), { variables: { v: null } }],
    [
      'JSON with a __proto__',
      echo('$v: JSON', 'json: $v'),
      { variables: { v: JSON.parse('{"__proto__":{"x":1}}') } },
    ],
    [
      'JSON as a literal',
      '{ echo(json: { a: [1, 2.5, "x", true, null, ENUM], b: { c: {} } }) { text json } }',
    ],
    [
      'JSON as a literal with variables',
      'query($x: JSON, $y: Int) { echo(json: { a: $x, b: [$y] }) { text } }',
      { variables: { x: { deep: [] }, y: 2 } },
    ],
    ['a big number', echo('$v: Big', 'big: $v'), { variables: { v: 9007199254740991 } }],
    ['a date', echo('$v: Date', 'when: $v'), { variables: { v: '2026-01-02' } }],
    ['an enum as a literal', '{ echo(enum: DARK) { text } }'],
    ['a list given bare', echo('$v: [Int]', 'list: $v'), { variables: { v: 4 } }],
    ['a list of lists', echo('$v: [[Int!]]', 'deep: $v'), { variables: { v: [[1, 2], [], null] } }],
    ['a list of lists given bare', echo('$v: [[Int!]]', 'deep: $v'), { variables: { v: 5 } }],
    ['defaults inside an input object', echo('$v: Echo', 'input: $v'), { variables: { v: {} } }],
    [
      'an input object as a literal',
      '{ echo(input: { inner: { text: null, many: [{}, { int: 2 }] } }) { text } }',
    ],
    [
      'an input object in a list, given bare',
      echo('$v: Echo', 'input: $v'),
      { variables: { v: { many: { shade: 'LIGHT' } } } },
    ],
    ['an input object with a default', echo('$v: Echo = { int: 4, inner: { shade: LIGHT } }', 'input: $v')],
    ['an input object that holds a variable with a default', echo('$v: Int = 9', 'input: { int: $v }')],
    ['a nullable variable where a default stands', echo('$v: Shade', 'input: { shade: $v }')],
  ]),
];
