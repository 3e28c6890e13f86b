/** A new supergraph takes over while subscriptions run: they go on with it from where they are, or are told why not. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../tests/toy/until.ts';
import { type Client, composeStage, openStage, range, type Stage, user } from './tests/stage.ts';
import { TICKER_SDL } from './tests/ticker.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.stop());

const TICKED = 'subscription { ticked(room: "a") { number you item { name } } }';
const BEAT = 'subscription { beat { number } }';

const isRunning = (upstreams: number) => until(() => stage.ticker.running() === upstreams);
const publish = (from: number, to: number): void => {
  for (const number of range(from, to)) stage.ticker.publish(number);
};
const has = (client: Client, count: number) => until(() => client.numbers.length === count);
const swap = (from: string, to: string) => {
  expect(TICKER_SDL).toContain(from);
  stage.serving.replace(composeStage(stage.ticker.url, { ticker: TICKER_SDL.replace(from, to) }));
};

describe('a new supergraph', () => {
  test('that asks the same goes unnoticed, also by what cannot be resumed', async () => {
    const [client, beat] = [await stage.subscribe(TICKED), await stage.subscribe(BEAT)];
    await isRunning(2);
    publish(1, 1);
    await has(client, 1);
    swap('number: Int!', 'number: Int!\n    more: Int');
    publish(2, 2);
    await has(client, 2);
    await has(beat, 2);
    expect(stage.ticker.asked).toHaveLength(2);
  });

  test('that asks elsewhere goes on from the cursor; what is under way ends on the old one', async () => {
    const [client, beat] = [await stage.subscribe(TICKED), await stage.subscribe(BEAT)];
    await isRunning(2);
    stage.delays.set('i2', 50);
    publish(1, 2);
    await has(client, 1);
    stage.serving.replace(composeStage(`${stage.ticker.url}?elsewhere`));
    await until(() => stage.ticker.asked.length === 3);
    publish(3, 3);
    await has(client, 3);
    expect(client.numbers).toEqual([1, 2, 3]);
    expect(stage.ticker.asked[2]!.after).toBe('c2');
    // Nobody can say what it would miss.
    expect(beat.ended).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
  });

  test('ends what does not fit it any more', async () => {
    const [client, beat] = [await stage.subscribe(TICKED), await stage.subscribe(BEAT)];
    await isRunning(2);
    swap('you: String', 'thou: String');
    await until(() => client.ended !== undefined);
    expect(client.ended).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    publish(1, 1);
    await has(beat, 1);
  });

  test('that guards what was open judges everybody anew', async () => {
    const [guest, ada] = [
      await stage.subscribe(TICKED),
      await stage.subscribe(TICKED, { viewer: user('ada') }),
    ];
    await isRunning(1);
    publish(1, 1);
    await has(ada, 1);
    expect(stage.subscriptions.figures().upstreams).toBe(1);
    swap('you: String', 'you: String @authenticated');
    await until(() => stage.subscriptions.figures().groups === 2);
    await isRunning(2);
    publish(2, 2);
    await has(guest, 2);
    await has(ada, 2);
    expect(ada.frames[1]!.data).toMatchObject({ ticked: { number: 2, you: 'ada' } });
    expect(guest.frames[1]!.data).toMatchObject({ ticked: { number: 2, you: null } });
  });

  test('lets go of the old one when nothing runs on it any more', async () => {
    const old = stage.serving.current();
    let isClosed = false;
    const close = old.executor.close;
    old.executor.close = async () => {
      isClosed = true;
      await close();
    };
    const client = await stage.subscribe(TICKED);
    await isRunning(1);
    let tell = () => {};
    stage.delays.set(
      'i1',
      new Promise<void>((resolve) => {
        tell = resolve;
      }),
    );
    publish(1, 1);
    await until(() => stage.named() === 1);
    swap('number: Int!', 'number: Int!\n    more: Int');
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    tell();
    await has(client, 1);
    await until(() => isClosed);
  });
});
