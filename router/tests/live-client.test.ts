/** The client that pages use, @souk/client, against a router: what breaks, and that it is told everything once. */
import { afterEach, expect, test } from '@jest/globals';
import { createLiveClient, LiveError, type LiveEvent } from '@souk/client';
import { WebSocket } from 'ws';
import { type LiveDoor, openLiveDoor } from './toy/live-door.ts';
import { until } from './toy/until.ts';

const PUBLISHED = 'subscription { published { text story { title } } }';

let door: LiveDoor;
let live: ReturnType<typeof createLiveClient>;
let sockets: WebSocket[] = [];
/** Lets the test cut lines. */
class CuttableSocket extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, protocol);
    sockets.push(this);
  }
}

afterEach(async () => {
  sockets = [];
  await live.stop();
  await door.close();
});

async function textsOf(events: AsyncIterator<LiveEvent<unknown>>, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    const { value } = await events.next();
    texts.push((value.data as { published: { text: string } }).published.text);
  }
  return texts;
}

test('what happens while the line is down comes first when it is up again', async () => {
  door = await openLiveDoor();
  live = createLiveClient({ url: door.wsUrl, webSocketImpl: CuttableSocket });
  const events = live.events({ document: PUBLISHED });
  await until(() => door.news.upstreams() === 1);
  const all = Array.from({ length: 60 }, (_, at) => `news ${at}`);
  const heard: string[] = [];
  for (const [at, text] of all.entries()) {
    door.news.publish(text);
    if (at % 20 !== 19) continue;
    // Some of the last ones are on their way.
    heard.push(...(await textsOf(events, at - 9 - heard.length)));
    sockets.at(-1)!.terminate();
  }
  heard.push(...(await textsOf(events, all.length - heard.length)));
  expect(heard).toEqual(all);
  expect(sockets.length).toBeGreaterThan(2);
});

test('a token is renewed before it expires, on the same socket', async () => {
  door = await openLiveDoor();
  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;
  const lifetimes = [10, 900];
  live = createLiveClient({
    url: door.wsUrl,
    webSocketImpl: CuttableSocket,
    token: () => door.issuer.sign({ sub: 'p1', sid: 's1', exp: inSeconds(lifetimes.shift() ?? 900) }),
  });
  const events = live.events({ document: PUBLISHED });
  await until(
    async () => (await door.metric('souk_router_token_renewals_total', { outcome: 'renewed' })) === 1,
  );
  door.news.publish('fresh');
  expect(await textsOf(events, 1)).toEqual(['fresh']);
  expect(sockets).toHaveLength(1);
});

test('a cursor that nobody remembers ends it, and tells the oldest that is left', async () => {
  door = await openLiveDoor();
  const cursors = ['a', 'b', 'c'].map((text) => door.news.publish(text));
  door.news.forgetBefore(cursors[1]!);
  live = createLiveClient({ url: door.wsUrl, webSocketImpl: CuttableSocket });
  const error = await live
    .events({ document: PUBLISHED, after: 'c0' })
    .next()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LiveError);
  expect(error).toMatchObject({ code: 'RESUME_EXPIRED', extensions: { oldest: cursors[1] } });
});
