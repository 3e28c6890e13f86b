/** `--lively`: the demo shop of rooms that are started, made live. */
import type { KeyObject } from 'node:crypto';
import { signViewer, VIEWER_HEADER } from '@souk/kit/auth/viewer';
import { type Lively, type LivelyOptions, startLively } from '../demo/lively/lively.ts';
import type { Ask } from '../demo/lively/stage.ts';
import { holdsDemo } from './demo.ts';
import type { StartedRoom } from './rooms.ts';

export async function makeLively(
  started: readonly StartedRoom[],
  viewerKey: KeyObject,
  options: Omit<LivelyOptions, 'ask'>,
): Promise<Lively> {
  if (!(await holdsDemo(started))) {
    throw new Error(
      'there is no demo shop here to be lively in; leave SOUK_LIVELY out, or begin with empty databases and SOUK_SEED=demo',
    );
  }
  return startLively({ ...options, ask: askRooms(started, viewerKey) });
}

/** Through the rooms' own front doors, signed as the router signs. */
function askRooms(started: readonly StartedRoom[], viewerKey: KeyObject): Ask {
  return async <Data>(name: string, viewer: Parameters<Ask>[1], query: string, variables: object = {}) => {
    const { handler } = started.find(({ room }) => room.name === name)!.running;
    const { body } = await handler({
      method: 'POST',
      path: '/graphql',
      query: '',
      headers: { 'content-type': 'application/json', [VIEWER_HEADER]: signViewer(viewer, viewerKey) },
      body: Buffer.from(JSON.stringify({ query, variables })),
    });
    const { data, errors } = JSON.parse(String(body)) as { data?: Data; errors?: { message: string }[] };
    if (!data || errors) throw new Error(`${name}: ${errors?.map(({ message }) => message).join('; ')}`);
    return data;
  };
}
