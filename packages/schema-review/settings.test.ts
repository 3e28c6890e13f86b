import { describe, expect, test } from '@jest/globals';
import { matches } from './coordinates.ts';
import { InputError } from './input-error.ts';
import { DEFAULT_SETTINGS, parseSettings, readSettings } from './settings.ts';
import { mapSource } from './source.ts';

const FILE = 'schema-review.yaml';
const faultOf = (text: string): string => {
  try {
    parseSettings(text, FILE);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
};

describe('settings', () => {
  test('are all optional', async () => {
    expect(await readSettings(mapSource('shop', new Map()))).toEqual(DEFAULT_SETTINGS);
    expect(parseSettings('', FILE)).toEqual(DEFAULT_SETTINGS);
    expect(parseSettings('rules: { userErrors: { field: errors } }', FILE).rules).toEqual({
      ...DEFAULT_SETTINGS.rules,
      userErrors: { field: 'errors', type: 'UserError' },
    });
  });

  test('switch a code off by a reason alone, everywhere', () => {
    const { accept } = parseSettings('accept: [{ code: LIST_UNBOUNDED, reason: We page nothing }]', FILE);
    expect(accept).toEqual([{ code: 'LIST_UNBOUNDED', at: '*', reason: 'We page nothing' }]);
    expect(matches('*', '')).toBe(true);
  });

  test.each([
    ['failOn: always', /failOn: /],
    ['rules: { mutationVerb: [] }', /rules: .*mutationVerb/],
    ['rules: { mutationVerbs: [Make] }', /rules\.mutationVerbs\.0: must be words in lower case/],
    ['rules: { deprecation: { date: "(" } }', /rules\.deprecation\.date: is not a regular expression/],
    ['variants: { public: { clients: [web] } }', /variants\.public: must include or exclude a tag/],
    ['variants: { "a b": { exclude: [x] } }', /variants\.a b: /],
    ['accept: [{ code: LIST_UNBOUNDED }]', /accept\.0\.reason: /],
    ['- a list', /the file: /],
    ['a: *nowhere', /schema-review\.yaml/],
  ])('%s is told with its name', (text, message) => {
    expect(faultOf(text)).toMatch(message);
    expect(faultOf(text)).toMatch(/^schema-review\.yaml/);
  });
});

describe('coordinates', () => {
  test.each([
    ['Tea.name', 'Tea.name', true],
    ['Tea.name', 'TeaXname', false],
    ['Tea.*', 'Tea.name(first:)', true],
    ['*Connection.nodes', 'TeaConnection.nodes', true],
    ['*Error.field', 'Error.fields', false],
    ['*', 'anything', true],
  ])('%s %s: %s', (pattern, coordinate, does) => expect(matches(pattern, coordinate)).toBe(does));
});
