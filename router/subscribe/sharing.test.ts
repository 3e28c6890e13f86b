/** Who asks for the same shares one upstream, and nobody gets what was asked for somebody else. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../tests/toy/until.ts';
import { type Client, openStage, type Stage, user } from './tests/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.stop());

const TICKED = 'subscription { ticked(room: "a") { number item { name price } } }';
const TOLD = 'subscription { told { number you } }';

/** Publishes when all that were asked for run. */
async function publish(upstreams: number, ...numbers: number[]): Promise<void> {
  await until(() => stage.ticker.running() === upstreams);
  for (const number of numbers) stage.ticker.publish(number);
}

describe('what is the same for everybody', () => {
  test('is asked once, as a guest, completed once, and sent to all as the same bytes', async () => {
    const viewers = [user('u1', ['x']), user('u2'), { scopes: [] }, { apiKeyId: 'k1', scopes: [] }];
    const clients = await Promise.all(
      [...viewers, ...viewers].map((viewer) => stage.subscribe(TICKED, { viewer })),
    );
    await publish(1, 1, 2);
    await until(() => clients.every(({ numbers }) => numbers.length === 2));
    expect(clients[0]!.frames[0]).toEqual({
      data: { ticked: { number: 1, item: { name: 'name of i1', price: 1 } } },
      extensions: { cursor: 'c1' },
    });
    for (const { payloads } of clients) expect(payloads[1]).toBe(clients[0]!.payloads[1]);
    expect(stage.ticker.asked.map(({ viewer }) => viewer)).toEqual([{ scopes: [] }]);
    expect(stage.named()).toBe(2);
    expect(stage.subscriptions.figures()).toEqual({ groups: 1, members: 8, upstreams: 1 });
  });

  test('is shared by how it reads, whatever cursor, name or order of variables it came with', async () => {
    const named = `subscription N($room: String!, $after: String) {
      ticked(room: $room, after: $after) { number item { ...Priced } } } fragment Priced on Item { name }`;
    const other = named.replace('subscription N', 'subscription M').replaceAll('\n', ' ');
    await stage.subscribe(named, { variables: { room: 'a' } });
    await stage.subscribe(other, { variables: { after: null, room: 'a', unused: 1 } });
    await publish(1, 1);
    const late = await stage.subscribe(named, { variables: { room: 'a', after: 'c1' } });
    await publish(1, 2);
    await until(() => late.numbers.length === 1);
    const elsewhere = await stage.subscribe(named, { variables: { room: 'b' } });
    await publish(2);
    expect(elsewhere.numbers).toEqual([]);
  });

  test('is not shared by clients whose forwarded headers differ', async () => {
    await stage.subscribe(TICKED, { headers: { 'accept-language': 'de', cookie: 'a' } });
    await stage.subscribe(TICKED, { headers: { 'accept-language': 'de', cookie: 'b' } });
    await stage.subscribe(TICKED, { headers: { 'accept-language': 'fr' } });
    await until(() => stage.ticker.running() === 2);
    expect(stage.subscriptions.figures().groups).toBe(2);
  });

  test('is asked for each viewer alone where the subgraph refuses guests', async () => {
    const query = 'subscription { hushed { number you } }';
    const [ada, ben, again] = await Promise.all(
      ['ada', 'ben', 'ada'].map((id) => stage.subscribe(query, { viewer: user(id) })),
    );
    const guest = await stage.subscribe(query);
    await publish(2, 1);
    await until(() => [ada, ben, again].every((one) => one!.numbers.length === 1));
    await until(() => guest.ended !== undefined);
    expect(ada!.frames[0]!.data).toEqual({ hushed: { number: 1, you: 'ada' } });
    expect(ben!.frames[0]!.data).toEqual({ hushed: { number: 1, you: 'ben' } });
    expect(guest.ended).toMatchObject([
      { message: 'Sign in first', extensions: { code: 'FORBIDDEN', service: 'ticker' } },
    ]);
  });

  test('is not shared where it selects what not everybody may read', async () => {
    const query = 'subscription { ticked(room: "a") { number secret you } }';
    const ada = await stage.subscribe(query, { viewer: user('ada') });
    const guest = await stage.subscribe(query);
    await publish(2, 1);
    await until(() => ada.numbers.length === 1 && guest.numbers.length === 1);
    expect(ada.frames[0]!.data).toEqual({ ticked: { number: 1, secret: 'secret', you: 'ada' } });
    expect(guest.frames[0]!.data).toEqual({ ticked: { number: 1, secret: null, you: 'guest' } });
    expect(guest.frames[0]!.errors!.map(({ path }) => path)).toEqual([['ticked', 'secret']]);
  });
});

describe('what is told to one viewer', () => {
  const OTHERS = [
    ['another user', user('ben')],
    ['a guest', { scopes: [] }],
    ['a guest with a token', { scopes: [], guestToken: 'g' }],
    ['an API key of the same name', { apiKeyId: 'ada', scopes: [] }],
    ['another session of the same user', { userId: 'ada', sessionId: 's2', scopes: [] }],
    ['the same user with another scope', user('ada', ['x'])],
    ['the same user with another role', { userId: 'ada', scopes: [], roles: ['x'] }],
    ['the same user with another policy', { userId: 'ada', scopes: [], policies: ['x'] }],
    ['one whose name looks like the key', user('ada",null')],
  ] as const;

  test.each(OTHERS)('never reaches %s', async (_, viewer) => {
    const ada = await stage.subscribe(TOLD, { viewer: user('ada') });
    const other = await stage.subscribe(TOLD, { viewer });
    await publish(2, 1);
    await until(() => ada.numbers.length === 1 && other.numbers.length === 1);
    const names = [ada, other].map(({ frames }) => (frames[0]!.data as { told?: { you: string } }).told!.you);
    expect(names).toEqual(['ada', 'userId' in viewer ? viewer.userId : 'guest']);
    expect(ada.payloads[0]).not.toBe(other.payloads[0]);
  });

  const DISGUISES = [
    TOLD,
    'subscription { told: told { number you } }',
    'subscription { ...T } fragment T on Subscription { told { number you } }',
    'subscription { ticked: told { number you } }',
    'subscription ticked { told { number you: you } }',
    'subscription ($after: String) { told(after: $after) { number you } }',
  ];

  test('is not mixed up with another subscription of theirs of which the same is left', async () => {
    const [secret, renamed] = await Promise.all(
      ['secret', 'renamed: secret'].map((field) =>
        stage.subscribe(`subscription { told { number ${field} } }`),
      ),
    );
    await publish(2, 1);
    await until(() => secret!.numbers.length === 1 && renamed!.numbers.length === 1);
    expect(secret!.frames[0]!.data).toEqual({ told: { number: 1, secret: null } });
    expect(renamed!.frames[0]!.data).toEqual({ told: { number: 1, renamed: null } });
  });

  test('never reaches another in whatever disguise, by any cursor, in any order', async () => {
    const clients: { name: string; client: Client }[] = [];
    for (const query of DISGUISES) {
      for (const name of ['ada', 'ben']) {
        clients.push({ name, client: await stage.subscribe(query, { viewer: user(name) }) });
      }
    }
    await until(() => stage.ticker.asked.length >= 6);
    await publish(stage.ticker.running(), 1, 2);
    await until(() => clients.every(({ client }) => client.numbers.length === 2));
    // A cursor that another viewer's frames were given out with.
    for (const query of DISGUISES) {
      for (const name of ['ben', 'cy']) {
        const viewer = user(name);
        clients.push({ name, client: await stage.subscribe(query, { viewer, after: 'c1' }) });
      }
    }
    await until(() => clients.every(({ client }) => client.numbers.includes(2)));
    for (const { name, client } of clients) {
      for (const { data } of client.frames) {
        expect(Object.values(data!).map((event: { you: string }) => event.you)).toEqual([name]);
      }
    }
    for (const { query, viewer } of stage.ticker.asked) {
      if (query.includes('told')) expect(viewer.userId).toBeDefined();
    }
  });
});

test('an upstream ends with the last who shares it, and the socket is one for all', async () => {
  const [one, other] = [await stage.subscribe(TICKED), await stage.subscribe(TICKED)];
  const told = await stage.subscribe(TOLD);
  await until(() => stage.ticker.running() === 2);
  expect(stage.ticker.sockets()).toBe(1);
  one.leave();
  one.leave();
  await publish(2, 1);
  await until(() => other.numbers.length === 1);
  expect(one.numbers).toEqual([]);
  other.leave();
  told.leave();
  await until(() => stage.ticker.running() === 0);
  expect(stage.subscriptions.figures()).toEqual({ groups: 0, members: 0, upstreams: 0 });
});
