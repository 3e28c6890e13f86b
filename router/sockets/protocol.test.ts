/** graphql-transport-ws as clients meet it: what runs, what is refused, and how sockets end. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LiveDoor, openLiveDoor } from '../tests/toy/live-door.ts';
import { until } from '../tests/toy/until.ts';

let door: LiveDoor;
beforeAll(async () => {
  door = await openLiveDoor();
});
afterAll(() => door.close());

const PUBLISHED = 'subscription { published { cursor text story { title } } }';

test('A query and a mutation are answered once and completed', async () => {
  const client = await door.connect();
  client.subscribe('1', '{ hello(name: "Ada") }');
  expect(await client.next('next', '1')).toEqual({
    id: '1',
    type: 'next',
    payload: { data: { hello: 'Hello, Ada' } },
  });
  await client.next('complete', '1');
  client.subscribe('1', 'mutation ($t: String!) { say(text: $t) }', { variables: { t: 'hi' } });
  expect((await client.next('next', '1')).payload).toEqual({ data: { say: 'hi' } });
  expect(door.news.said).toEqual(['hi']);
});

test('A subscription tells each event, with what other subgraphs add and its cursor', async () => {
  const client = await door.connect();
  client.subscribe('a', PUBLISHED);
  await until(() => door.news.upstreams() > 0);
  const cursor = door.news.publish('tea');
  const { payload } = await client.next('next', 'a');
  expect(payload).toEqual({
    data: { published: { cursor, text: 'tea', story: { title: 'On tea' } } },
    extensions: { cursor },
  });
  client.say({ id: 'a', type: 'complete' });
  await until(() => door.news.upstreams() === 0);
});
