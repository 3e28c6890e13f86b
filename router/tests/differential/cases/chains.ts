/** @requires in chains, @provides, @shareable, @override, several keys. */
import { topic } from './topic.ts';

export const chains = topic('chains', [
  ['@requires', '{ part(id: "1") { freight } }'],
  ['@requires with what it requires', '{ part(id: "1") { weight size { width height unit } freight } }'],
  ['@requires with an argument', '{ part(id: "1") { near: freight far: freight(to: FAR) freight } }'],
  [
    '@requires by a variable',
    'query($z: Zone) { parts { freight(to: $z) label(prefix: "p") } }',
    { variables: { z: 'FAR' } },
  ],
  ['@requires of @requires', '{ parts { tax } }'],
  ['@requires of @requires of @requires', '{ report { part { summary } } }'],
  ['@requires of a field with an argument', '{ parts { taxFar } }'],
  ['@requires of a field, asked for with other arguments', '{ parts { freight(to: FAR) tax taxFar } }'],
  ['the same required field under an alias', '{ parts { freight: weight tax } }'],
  ['an alias that hides what is required', '{ parts { weight: name size: sku freight } }'],
  ['an alias that hides the key', '{ parts { id: name sku: weight freight summary } }'],
  ['@requires of an object that is null', '{ parts(first: 5) { size { unit } label freight } }'],
  ['@requires of a list', '{ boxes { digest } }'],
  [
    '@requires of a list, with the list',
    '{ boxes { digest(deep: true) main { name } parts { name weight } } }',
  ],
  [
    'below lists in lists, beside values of another type',
    '{ boxes { nested { name maker { vat } } } }',
    { faults: [{ subgraph: 'parts', kind: 'some texts numbers' }] },
  ],
  ['@requires where the entity is a list in a list', '{ boxes { nested { freight tax } } }'],
  [
    '@requires that cannot be had',
    '{ parts { freight tax } }',
    { world: { fails: new Set(['Part.weight']) } },
  ],
  ['@requires that is null', '{ parts { freight tax } }', { world: { fails: new Set(['Part.size']) } }],
  [
    '@requires whose middle fails',
    '{ parts { tax freight name } report { parts { summary } } }',
    { world: { fails: new Set(['Part.freight']) } },
  ],
  ['@provides', '{ shelf { best { weight } parts { weight size { unit } } } }'],
  ['@provides and more', '{ shelf { best { weight name } parts { weight size { unit width } colour } } }'],
  ['@provides and @requires', '{ shelf { best { freight } parts { label freight tax } } }'],
  ['@shareable root', '{ currency }'],
  ['@shareable root and others', '{ currency fact { text year } quote { amount shareable { year text } } }'],
  ['@shareable value type of two subgraphs', '{ quote { shareable { text } } fact { year } }'],
  ['@override', '{ parts { colour } part(id: "2") { name colour } }'],
  ['two keys', '{ parts { id sku name } partBySku(sku: "sku-Part-2") { id tax } }'],
  ['from one key to the other', '{ partBySku(sku: "sku-Part-3") { summary twin { id freight } } }'],
  [
    'from one key to the other and back',
    '{ report { part { name twin { twin { tax name } } } parts { weight } } }',
  ],
  ['a nested key', '{ parts { maker { title vat } } }'],
  ['a nested key, its parts asked for', '{ parts { maker { country { code } number vat parts { name } } } }'],
  ['a nested key, hidden by aliases', '{ parts { maker { country: title number: vat vat: number } } }'],
  ['a nested key and a loop', '{ parts { maker { parts { maker { vat parts { tax } } } } } }'],
  [
    'all of it',
    '{ parts { id sku name weight size { width height unit } colour freight label zone tax taxFar summary twin { name } maker { title vat } } }',
  ],
  [
    'all of it, twice',
    '{ a: parts { ...P } b: parts(first: 2) { ...P } } fragment P on Part { sku weight freight label zone tax taxFar summary colour }',
  ],
  [
    'entities that are missing',
    '{ parts { name tax summary } shelf { parts { name } } }',
    { world: { missing: new Set(['Part-1', 'Part-2']) } },
  ],
  [
    'makers that are missing',
    '{ parts { maker { vat title } } }',
    { world: { missing: new Set(['Maker-1', 'Maker-2', 'Maker-3']) } },
  ],
  [
    'fragments and conditions',
    'query($on: Boolean!) { parts { ... @include(if: $on) { tax } ... @skip(if: $on) { freight } ...F } } fragment F on Part { summary @include(if: $on) }',
    { variables: { on: true } },
  ],
  [
    'required fields that are skipped',
    '{ parts { weight @skip(if: true) size @skip(if: true) { unit } freight } }',
  ],
  [
    'mixed roots',
    '{ box { main { tax } parts { summary } } shelf { label } report { total(of: ["1"]) } currency }',
  ],
  [
    'required numbers in odd notations',
    '{ parts(first: 5) { weight freight tax } }',
    { world: { isRaw: true } },
  ],
  [
    'required texts in odd notations',
    '{ parts(first: 5) { name summary label } boxes { digest } }',
    { world: { isRaw: true, seed: 'two' } },
  ],
  ['@requires below one object, one of two skipped', '{ parts(first: 5) { label @skip(if: true) tax } }'],
  [
    '@requires below one object, the other skipped',
    '{ parts(first: 5) { label(prefix: "a") freight @skip(if: true) } }',
  ],
]);
