/** A subgraph of the same process sends its events as text. */
import { afterEach, expect, test } from '@jest/globals';
import { VIEWER_HEADER } from '@souk/kit/auth/viewer';
import type { SubscribeHandler, SubscribeRequest } from '@souk/kit/subscriptions/subscribe';
import { until } from '../tests/toy/until.ts';
import { composeStage, openStage, type Stage } from './tests/stage.ts';

let stage: Stage;
afterEach(() => stage.stop());

const QUERY = 'subscription { ticked(room: "a") { number exact item { name } } }';

/** Sends what the test pushes, in the response keys that it was asked for. */
function scripted() {
  const requests: SubscribeRequest[] = [];
  const texts: string[] = [];
  let wake = () => {};
  let isOver = false;
  const subscribe: SubscribeHandler = async (request) => {
    requests.push(request);
    const cursor = /(cursor_\w+):cursor/.exec(request.query)![1];
    isOver = false;
    const end = async () => {
      isOver = true;
      wake();
      return { done: true as const, value: undefined };
    };
    return {
      ok: true,
      events: {
        next: async () => {
          while (texts.length === 0 && !isOver) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
          if (isOver) return { done: true, value: undefined };
          return { done: false, value: texts.shift()!.replaceAll('CURSOR', cursor!) };
        },
        return: end,
        [Symbol.asyncIterator]() {
          return this;
        },
      },
    };
  };
  return {
    subscribe,
    requests,
    isOver: () => isOver,
    push: (text: string) => {
      texts.push(text);
      wake();
    },
  };
}

test('long numbers keep their digits, and errors beside data their places', async () => {
  const ticker = scripted();
  stage = await openStage({ subscribeHandlers: { ticker: ticker.subscribe } });
  const client = await stage.subscribe(QUERY);
  ticker.push(
    '{"data":{"ticked":{"CURSOR":"1-0","number":7,"exact":123456789012345678901234567890.10,"item":{"__typename":"Item","id":"i7"}}}}',
  );
  // Written by somebody who likes blanks and escapes.
  ticker.push(
    `{ "errors": [{ "message": "No item", "path": ["ticked", "item"], "extensions": { "code": "NOT_FOUND" } }],
       "data": { "ticked": { "CURSOR": "1\\u002d1", "number": 8, "exact": null, "item": null } } }`,
  );
  await until(() => client.texts.length === 2);
  expect(client.texts).toEqual([
    '{"data":{"ticked":{"number":7,"exact":123456789012345678901234567890.10,"item":{"name":"name of i7"}}},"extensions":{"cursor":"1-0"}}',
    '{"errors":[{"message":"No item","extensions":{"code":"NOT_FOUND","service":"ticker"},"path":["ticked","item"]}],"data":{"ticked":{"number":8,"exact":null,"item":null}},"extensions":{"cursor":"1-1"}}',
  ]);
  expect(ticker.requests[0]!.headers[VIEWER_HEADER]).toBeDefined();
  client.leave();
  await until(() => ticker.isOver());
});

test('what it ends with is told; an event that is no JSON is an error of its frame', async () => {
  const ticker = scripted();
  stage = await openStage({ subscribeHandlers: { ticker: ticker.subscribe } });
  const client = await stage.subscribe(QUERY);
  ticker.push('{"data":{"ticked":');
  ticker.push('{"errors":[{"message":"It is gone","extensions":{"code":"NOT_FOUND"}}]}');
  await until(() => client.ended !== undefined);
  expect(client.frames).toMatchObject([
    { data: { ticked: null }, errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] },
  ]);
  expect(client.ended).toMatchObject([{ message: 'It is gone', extensions: { code: 'NOT_FOUND' } }]);
});

test('a refusal that passes is a pause for who has been served, and told to who has not', async () => {
  const ticker = scripted();
  const answers = ['serve', 'break', 'refuse', 'refuse', 'serve'];
  const refusal = { message: 'Redis is away', extensions: { code: 'SERVICE_UNAVAILABLE' } };
  const subscribe: SubscribeHandler = async (request) => {
    const answer = answers.shift();
    if (answer === 'serve') return ticker.subscribe(request);
    if (answer === 'break') throw new Error('cut off');
    return { ok: false, errors: [refusal] };
  };
  stage = await openStage({ subscribeHandlers: { ticker: subscribe } });
  const client = await stage.subscribe(QUERY);
  ticker.push('{"data":{"ticked":{"CURSOR":"1-1","number":1,"exact":1,"item":null}}}');
  await until(() => client.numbers.length === 1);
  // Its address is another one, so that it is asked again.
  stage.serving.replace(composeStage(`${stage.ticker.url}?elsewhere`));
  await until(() => answers.length === 0);
  ticker.push('{"data":{"ticked":{"CURSOR":"1-2","number":2,"exact":1,"item":null}}}');
  await until(() => client.numbers.length === 2);
  expect(client.ended).toBeUndefined();
  const other = await stage.subscribe(QUERY.replace('"a"', '"b"'));
  await until(() => other.ended !== undefined);
  expect(other.ended).toMatchObject([{ message: 'Redis is away' }]);
});

test('a handler that throws is asked again, from where it was', async () => {
  const ticker = scripted();
  let failures = 2;
  const subscribe: SubscribeHandler = async (request) => {
    if (failures-- > 0) throw new Error('Not yet');
    return ticker.subscribe(request);
  };
  stage = await openStage({ subscribeHandlers: { ticker: subscribe } });
  const client = await stage.subscribe(QUERY, { after: '1-0' });
  ticker.push('{"data":{"ticked":{"CURSOR":"1-1","number":1,"exact":1,"item":null}}}');
  await until(() => client.numbers.length === 1);
  const [[name, after]] = Object.entries(ticker.requests[0]!.variables!) as [[string, unknown]];
  expect(name).toMatch(/^after_/);
  expect(after).toBe('1-0');
});
