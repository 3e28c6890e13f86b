/** Nothing is lost, doubled or out of order: slow completion, breaks, late joiners, cursors that are too old. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { until } from '../tests/toy/until.ts';
import { type Client, openStage, range, type Stage } from './tests/stage.ts';

let stage: Stage;
beforeEach(async () => {
  // graphql-ws tells there that it could not send to who was cut off.
  jest.spyOn(console, 'error').mockImplementation(() => {});
  stage = await openStage();
});
afterEach(() => stage.stop());

const TICKED = 'subscription { ticked(room: "a") { number item { name } } }';
const PLAIN = 'subscription { ticked(room: "a") { number } }';
const BEAT = 'subscription { beat { number } }';

const publish = (from: number, to: number): void => {
  for (const number of range(from, to)) stage.ticker.publish(number);
};
const isRunning = (upstreams: number) => until(() => stage.ticker.running() === upstreams);

describe('frames', () => {
  test('leave in the order of their events, whichever is complete first', async () => {
    const client = await stage.subscribe(TICKED);
    await isRunning(1);
    for (const number of range(1, 40)) stage.delays.set(`i${number}`, number % 5 === 1 ? 60 : 0);
    publish(1, 40);
    await until(() => client.numbers.length === 40);
    expect(client.numbers).toEqual(range(1, 40));
    expect(client.frames.map(({ extensions }) => extensions!.cursor)).toEqual(
      range(1, 40).map((n) => `c${n}`),
    );
  });
});

describe('a subgraph that is cut off', () => {
  test('is asked for what came since; clients see a pause', async () => {
    const client = await stage.subscribe(TICKED);
    await isRunning(1);
    publish(1, 3);
    await until(() => client.numbers.length === 3);
    await stage.ticker.stop();
    publish(4, 6);
    await stage.ticker.start();
    await until(() => client.numbers.length === 6);
    publish(7, 7);
    await until(() => client.numbers.length === 7);
    expect(client.numbers).toEqual(range(1, 7));
    expect(stage.ticker.asked.at(-1)!.after).toBe('c3');
    expect(stage.counts.reconnected).toBe(1);
  });

  test('that repeats what it has sent is not passed on twice', async () => {
    const client = await stage.subscribe(PLAIN);
    await isRunning(1);
    publish(1, 3);
    await until(() => client.numbers.length === 3);
    stage.ticker.repeats = 2;
    stage.ticker.cut();
    await until(() => stage.ticker.asked.length === 2);
    publish(4, 4);
    await until(() => client.numbers.length === 4);
    expect(client.numbers).toEqual(range(1, 4));
  });

  test('ends what cannot be resumed, and says so', async () => {
    const beat = await stage.subscribe(BEAT);
    await isRunning(1);
    publish(1, 1);
    await until(() => beat.numbers.length === 1);
    stage.ticker.cut();
    await until(() => beat.ended !== undefined);
    expect(beat.ended).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'ticker' } }]);
    expect(beat.frames[0]!.extensions).toBeUndefined();
  });

  test('is waited for by who comes meanwhile', async () => {
    await stage.ticker.stop();
    const client = await stage.subscribe(PLAIN, { after: 'c0' });
    await stage.ticker.start();
    publish(1, 1);
    await until(() => client.numbers.length === 1);
  });

  test('that has forgotten where everybody was ends them with RESUME_EXPIRED', async () => {
    const clients = [await stage.subscribe(PLAIN), await stage.subscribe(PLAIN)];
    await isRunning(1);
    publish(1, 2);
    await until(() => clients[1]!.numbers.length === 2);
    await stage.ticker.stop();
    publish(3, 5);
    stage.ticker.trim(4);
    await stage.ticker.start();
    await until(() => clients.every(({ ended }) => ended !== undefined));
    for (const { ended } of clients) {
      expect(ended).toMatchObject([{ extensions: { code: 'RESUME_EXPIRED', oldest: 'c5' } }]);
    }
    expect(stage.subscriptions.figures().groups).toBe(0);
  });
});

describe('who comes with a cursor', () => {
  test('gets what is remembered at once, and goes on with the others', async () => {
    const first = await stage.subscribe(PLAIN);
    await isRunning(1);
    publish(1, 5);
    await until(() => first.numbers.length === 5);
    const late = await stage.subscribe(PLAIN, { after: 'c2' });
    expect(late.numbers).toEqual([3, 4, 5]);
    publish(6, 6);
    await until(() => late.numbers.length === 4);
    expect(stage.ticker.asked).toHaveLength(1);
    expect(late.payloads[3]).toBe(first.payloads[5]);
  });

  test.each([
    ['its argument', 'subscription { ticked(room: "a", after: "c2") { number } }', {}],
    [
      'a variable',
      'subscription ($from: String) { ticked(room: "a", after: $from) { number } }',
      { variables: { from: 'c2' } },
    ],
    [
      'the default of one',
      'subscription ($from: String = "c2") { ticked(room: "a", after: $from) { number } }',
      {},
    ],
    [
      'its extensions, whatever the argument',
      'subscription { ticked(room: "a", after: "c4") { number } }',
      { after: 'c2' },
    ],
  ])('by %s starts there', async (_, query, asking) => {
    publish(1, 5);
    const client = await stage.subscribe(query, asking);
    await until(() => client.numbers.length === 3);
    expect(client.numbers).toEqual([3, 4, 5]);
  });

  test('that is too old for memory catches up alone, then joins', async () => {
    const first = await stage.subscribe(PLAIN);
    await isRunning(1);
    publish(1, 400);
    await until(() => first.numbers.length === 400);
    const [late, other] = [
      await stage.subscribe(PLAIN, { after: 'c10' }),
      await stage.subscribe(PLAIN, { after: 'c10' }),
    ];
    await until(() => late.numbers.length === 390);
    expect(late.numbers).toEqual(range(11, 400));
    publish(401, 401);
    await until(() => late.numbers.length === 391 && other.numbers.length === 391);
    expect(stage.subscriptions.figures()).toEqual({ groups: 1, members: 3, upstreams: 1 });
    expect(stage.counts.handedOver).toBe(1);
    expect(late.payloads.at(-1)).toBe(other.payloads.at(-1));
    await isRunning(1);
  });

  test('or without one while a frame is on its way to many, gets it once or not at all', async () => {
    // Two turns' worth.
    const many = await Promise.all(range(1, 500).map(() => stage.subscribe(PLAIN)));
    await isRunning(1);
    publish(1, 1);
    await until(() => many.at(-1)!.numbers.length === 1);
    const joining: Promise<Client>[] = [];
    const join = () => {
      expect(many.at(-1)!.numbers).toEqual([1]);
      joining.push(stage.subscribe(PLAIN, { after: 'c1' }), stage.subscribe(PLAIN));
    };
    many[0]!.onEvent = () => {
      join();
      // When the first turn is over.
      setImmediate(join);
      many[0]!.onEvent = () => {};
    };
    publish(2, 2);
    await until(() => many.at(-1)!.numbers.length === 2);
    publish(3, 3);
    await until(() => many.at(-1)!.numbers.length === 3);
    const joined = await Promise.all(joining);
    await until(() => joined.every(({ numbers }) => numbers.at(-1) === 3));
    expect(joined.map(({ numbers }) => numbers)).toEqual([[2, 3], [3], [2, 3], [3]]);
  });

  test('that the subgraph has forgotten is told so, and nobody else', async () => {
    const first = await stage.subscribe(PLAIN);
    await isRunning(1);
    publish(1, 300);
    await until(() => first.numbers.length === 300);
    stage.ticker.trim(100);
    const late = await stage.subscribe(PLAIN, { after: 'c1' });
    await until(() => late.ended !== undefined);
    expect(late.ended).toMatchObject([{ extensions: { code: 'RESUME_EXPIRED', oldest: 'c101' } }]);
    publish(301, 301);
    await until(() => first.numbers.length === 301);
    expect(first.ended).toBeUndefined();
  });
});

test('events that come faster than their frames can be made are asked for again, not lost', async () => {
  const client = await stage.subscribe(TICKED);
  await isRunning(1);
  stage.delays.set('i1', 300);
  publish(1, 1_300);
  await until(() => client.numbers.length === 1_300, 25_000);
  expect(client.numbers).toEqual(range(1, 1_300));
  expect(stage.counts.paused).toBeGreaterThan(0);
});

test('a subscription that is over at the subgraph is over for all, after its last frame', async () => {
  const clients = [await stage.subscribe(TICKED), await stage.subscribe(TICKED)];
  await isRunning(1);
  stage.delays.set('i2', 50);
  publish(1, 2);
  await until(() => stage.counts.event === 2);
  stage.ticker.complete();
  await until(() => clients.every(({ ended }) => ended === 'done'));
  for (const { numbers } of clients) expect(numbers).toEqual([1, 2]);
});

describe('what is refused', () => {
  test.each([
    ['{ ready }', 'BAD_REQUEST'],
    ['subscription { ticked { number } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription ($on: Boolean!) { beat @include(if: $on) { number } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { beat { number } told { number } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription ($room: String!) { ticked(room: $room) { number } }', 'BAD_USER_INPUT'],
  ])('%s', async (query, code) => {
    const { outcome } = await stage.subscribe(query);
    expect(outcome).toMatchObject({ ok: false, code });
    expect(stage.subscriptions.figures().groups).toBe(0);
  });

  test('nothing, where nothing is selected that could come: it ends', async () => {
    const client = await stage.subscribe('subscription { beat @skip(if: true) { number } }');
    await until(() => client.ended === 'done');
  });
});
