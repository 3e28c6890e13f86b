/** Hostile bytes as answers of subgraphs: the executor makes of them what the reference does, or says a clear error. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Case } from '../differential/run.ts';
import { HOSTILE } from './hostile.ts';
import { judge } from './judge.ts';

const THINGS: Case = { supergraph: 'values', query: '{ things { text int json } json }' };
const LONG = process.env.SOUK_LONG_TESTS === '1';
/** Thousands of answers, on a machine that may be busy. */
const WITHIN_MS = LONG ? 300_000 : 30_000;

const OPERATIONS: readonly (Case & { subgraph: string })[] = [
  {
    supergraph: 'values',
    query:
      '{ things { __typename text int float flag shade json ids leaf { text } hardLeaves { text float } } }',
    subgraph: 'numbers',
    world: { isRaw: true, seed: 'fuzz' },
  },
  {
    supergraph: 'values',
    query: '{ things { size data more { firm big } late } }',
    subgraph: 'more',
    // No two things are equal there: ours would ask for them once, and get fewer bytes to spoil than the reference.
    world: { seed: 'bytes' },
  },
  {
    supergraph: 'festival',
    query:
      '{ slots { id guests { __typename ... on Artist { name } ... on Helper { nick } } artist { name } } }',
    subgraph: 'artists',
    world: { fails: new Set(['Artist-1.name']) },
  },
];

test.each(HOSTILE)('%s', async (_, make) => {
  const bytes = Buffer.from(make());
  expect(await judge({ ...THINGS, answers: { numbers: () => bytes } })).toBeUndefined();
});

describe.each(OPERATIONS)('an answer of $subgraph to $query', ({ subgraph, ...one }) => {
  const withBytes = (change: (honest: Buffer) => Buffer): Case => ({
    ...one,
    answers: { [subgraph]: change },
  });

  test(
    'that is cut off, anywhere',
    async () => {
      let length = 0;
      await judge(
        withBytes((honest) => {
          length = honest.length;
          return honest;
        }),
      );
      expect(length).toBeGreaterThan(50);
      for (let end = 0; end <= length; end += LONG ? 1 : 29) {
        expect(await judge(withBytes((honest) => honest.subarray(0, end)))).toBeUndefined();
      }
    },
    WITHIN_MS,
  );

  test(
    'that is spoilt by chance',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(SPOILING, { minLength: 1, maxLength: 3 }), async (spoilings) => {
          const spoil = (honest: Buffer) => spoilings.reduce((bytes, spoiling) => spoiling(bytes), honest);
          expect(await judge(withBytes(spoil))).toBeUndefined();
        }),
        { numRuns: LONG ? 3_000 : 20, seed: 20_260_102 },
      );
    },
    WITHIN_MS,
  );
});

/** What JSON is made of, so that a chance byte has a chance to mean something. */
const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u0061',
  'null',
  'true',
  '0',
  '-',
  '.',
  'e',
  '1e5',
  ' ',
  '\n',
  '{}',
  '[]',
  '""',
  '"a":1,',
  '\ufeff',
  '\u00ff',
  '"text":',
  '"__typename":"X",',
];

type Spoiling = (bytes: Buffer) => Buffer;
const at = (bytes: Buffer, place: number) => Math.floor(place * bytes.length);

const SPOILING: fc.Arbitrary<Spoiling> = fc
  .record({
    way: fc.constantFrom('insert', 'replace', 'remove', 'repeat', 'flip'),
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 12 }),
    token: fc.constantFrom(...TOKENS),
  })
  .map(({ way, place, length, token }) => (bytes: Buffer) => {
    const start = at(bytes, place);
    const [before, cut, after] = [
      bytes.subarray(0, start),
      bytes.subarray(start, start + length),
      bytes.subarray(start + length),
    ];
    if (way === 'insert') return Buffer.concat([before, Buffer.from(token), cut, after]);
    if (way === 'replace') return Buffer.concat([before, Buffer.from(token), after]);
    if (way === 'remove') return Buffer.concat([before, after]);
    if (way === 'repeat') return Buffer.concat([before, cut, cut, after]);
    return Buffer.concat([before, cut.map((byte) => byte ^ (1 << (length % 8))), after]);
  });
