/** What a client is told of costs, and that what is too dear reaches no subgraph. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { codesOf, post } from '../tests/toy/ask.ts';
import { askedOf, SUBGRAPHS } from '../tests/toy/library.ts';
import { startToyRouter, type ToyRouter } from '../tests/toy/router.ts';

let toy: ToyRouter;
beforeAll(async () => {
  toy = await startToyRouter({ cost: { maxCost: 100 } });
});
afterAll(() => toy.router.stop());
beforeEach(() => {
  for (const name of SUBGRAPHS) toy.library[name].requests.length = 0;
});

const RATED = 'query ($first: Int) { book(id: "b1") { title average ratings(first: $first) { stars } } }';

async function costOf(query: string, variables: Record<string, unknown> = {}, report = 'report') {
  const told = await post(toy.handler, query, { variables, headers: { 'graphql-cost': report } });
  return JSON.parse(told.text).extensions;
}

describe('the cost', () => {
  test('is told to whoever asks: as it was estimated, and as it was', async () => {
    expect(await costOf(RATED, { first: 20 })).toEqual({ cost: { estimated: 26, actual: 7, max: 100 } });
    expect(await costOf(RATED)).toEqual({ cost: { estimated: 16, actual: 7, max: 100 } });
  });

  test('is told to nobody else', async () => {
    expect(await costOf(RATED, {}, 'please')).toBeUndefined();
    expect((await post(toy.handler, RATED)).text).not.toContain('extensions');
  });

  test('of what is withheld is nothing', async () => {
    expect(await costOf('{ me { name } shelf { books { title } } }')).toEqual({
      cost: { estimated: 1, actual: 1, max: 100 },
    });
  });

  test('that is too high is refused with its limit and its setting, before anybody is asked', async () => {
    const told = await post(toy.handler, RATED, {
      variables: { first: 95 },
      headers: { accept: 'application/graphql-response+json' },
    });
    expect([told.status, codesOf(told)]).toEqual([400, ['OPERATION_TOO_LARGE']]);
    expect(told.errors[0]!.message).toBe(
      'The operation would cost about 101; at most 100 are allowed (ROUTER_MAX_COST)',
    );
    expect(askedOf(toy.library)).toBe('');
    expect((await post(toy.handler, RATED, { variables: { first: 94 } })).errors).toEqual([]);
  });

  test('that is beyond all numbers is too high', async () => {
    const nested = (levels: number): string =>
      levels === 0 ? 'id' : `ratings(first: 2147483647) { id reader { books { ${nested(levels - 1)} } } }`;
    const told = await post(toy.handler, `{ book(id: "b1") { ${nested(7)} } }`);
    expect(codesOf(told)).toEqual(['OPERATION_TOO_LARGE']);
  });
});
