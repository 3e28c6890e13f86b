import { describe, expect, test } from '@jest/globals';
import { EMPTY_BODY, type HttpRequest, jsonResponse, textResponse } from '@souk/kit/http/handler';
import { createHealth } from '@souk/kit/http/health';
import type { Room, RunningRoom } from '@souk/kit/room/room';
import { createFront, pathsOf } from './front.ts';

const request = (method: string, path: string): HttpRequest => ({
  method,
  path,
  query: '',
  headers: {},
  body: EMPTY_BODY,
});

describe('The front', () => {
  test('asks to come back until the house is open', async () => {
    const front = createFront();
    const answer = await front.handler(request('POST', '/graphql'));
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(String(answer.body)).errors[0].extensions.code).toBe('SERVICE_UNAVAILABLE');
    expect([front.health.live().status, (await front.health.ready()).status]).toEqual([200, 503]);
    expect([front.streams('PUT', '/x'), await front.metrics()]).toEqual([false, '']);
    front.health.stopping();
  });

  test('is the house once it is open', async () => {
    const front = createFront();
    front.open({
      handler: async () => jsonResponse(200, {}),
      health: createHealth({}),
      streams: () => true,
      metrics: async () => 'figures',
    });
    expect((await front.handler(request('POST', '/graphql'))).status).toBe(200);
    expect((await front.health.ready()).status).toBe(200);
    expect([front.streams('PUT', '/x'), await front.metrics()]).toEqual([true, 'figures']);
    front.health.stopping();
    expect((await front.health.ready()).status).toBe(503);
  });

  test('finds the room that has a path, by its own handler', async () => {
    const room = (path: string): Room => ({
      name: path,
      sdl: '',
      resolvers: {},
      stores: [],
      settings: {},
      open: () => Promise.reject(),
      context: () => ({}),
      routes: () => [{ method: 'GET', path, handle: () => Promise.reject() }],
    });
    const running = (text: string) =>
      ({ stores: undefined, handler: async () => textResponse(200, text) }) as unknown as RunningRoom;
    const paths = pathsOf([
      { room: room('/a'), running: running('of a') },
      { room: room('/b'), running: running('of b') },
      { room: { ...room('/c'), routes: undefined } as unknown as Room, running: running('of c') },
    ]);
    expect((await paths('GET', '/b')?.(request('GET', '/b')))?.body).toBe('of b');
    expect([paths('POST', '/b'), paths('GET', '/c')]).toEqual([undefined, undefined]);
  });
});
