/** Chance: clients come, go and come again by their cursors, sockets are cut, frames take their time; all is complete. */
import { beforeEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { until } from '../tests/toy/until.ts';
import { type Client, openStage, range, type Stage } from './tests/stage.ts';

const RUNS = process.env.SOUK_LONG_TESTS ? 200 : 8;
const QUERY = 'subscription ($after: String) { ticked(room: "a", after: $after) { number item { name } } }';
/** More than are remembered, so that who comes late catches up alone. */
const BURST = 300;
const LOOKS_BETWEEN = 20;

beforeEach(() => {
  // graphql-ws tells there that it could not send to who was cut off.
  jest.spyOn(console, 'error').mockImplementation(() => {});
});

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('publish' as const), count: fc.constant(BURST) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), back: fc.nat(400) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('join now' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('come again' as const), who: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('slow' as const), ms: fc.nat(15) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), turns: fc.nat(20) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** What a client got over all of its connections. */
interface Person {
  client: Client;
  before: number[];
  /** The number that it comes after; nothing for who comes now. */
  from: number | undefined;
}

async function play(stage: Stage, steps: readonly Step[]): Promise<void> {
  let published = 0;
  const people: Person[] = [];
  const publish = (count: number) => {
    for (let left = count; left > 0; left--) stage.ticker.publish(++published);
  };
  const numbersOf = ({ before, client }: Person) => [...before, ...client.numbers];
  const take = async (one: Step): Promise<void> => {
    switch (one.kind) {
      case 'publish':
        return publish(one.count);
      case 'join': {
        const from = Math.max(0, published - one.back);
        const client = await stage.subscribe(QUERY, { variables: { after: `c${from}` } });
        people.push({ client, before: [], from });
        return;
      }
      case 'join now':
        people.push({ client: await stage.subscribe(QUERY), before: [], from: undefined });
        return;
      case 'come again': {
        const person = people[one.who % Math.max(1, people.length)];
        if (!person) return;
        const { cursor } = person.client;
        person.client.leave();
        person.before = numbersOf(person);
        const after = cursor ?? (person.from === undefined ? undefined : `c${person.from}`);
        person.client = await stage.subscribe(QUERY, after === undefined ? {} : { after });
        person.client.cursor ??= cursor;
        return;
      }
      case 'cut':
        return stage.ticker.cut();
      case 'slow':
        stage.delays.set(`i${published + 1}`, one.ms);
        return;
      case 'pass':
        for (let left = one.turns; left > 0; left--) await new Promise(setImmediate);
    }
  };
  for (const one of steps) await take(one);
  // Who came without a cursor, and whose socket was cut before anything came, is told only what comes from here on.
  let looks = 0;
  await until(() => {
    const isComplete =
      people.every((person) => numbersOf(person).at(-1) === published) &&
      stage.subscriptions.figures().upstreams <= 1;
    if (!isComplete && looks++ % LOOKS_BETWEEN === 0) publish(1);
    return isComplete;
  });
  for (const person of people) {
    const numbers = numbersOf(person);
    const first = person.from === undefined ? numbers[0]! : person.from + 1;
    expect(numbers).toEqual(range(first, published));
    expect(person.client.ended).toBeUndefined();
  }
}

test('nobody misses anything, gets it twice or out of order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const stage = await openStage();
      try {
        await play(stage, steps);
      } finally {
        await stage.stop();
      }
    }),
    // A counterexample takes as long as the wait for what does not come; smaller ones would take that each.
    { numRuns: RUNS, endOnFailure: true },
  );
}, 180_000);
