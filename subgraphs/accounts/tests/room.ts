/** The room as its router meets it: one handler, requests that are signed, over the desk's tables. */

import { randomViewerKey, signViewer, VIEWER_HEADER, type Viewer } from '@souk/kit/auth/viewer';
import { EMPTY_BODY, type Handler, type HttpResponse } from '@souk/kit/http/handler';
import { silentLog } from '@souk/kit/observe/log';
import { createMetrics } from '@souk/kit/observe/metrics';
import { parseRoundTrips, ROUND_TRIPS_HEADER } from '@souk/kit/observe/round-trips';
import { type RunningRoom, startRoom } from '@souk/kit/room/room';
import type { Services } from '../domain/services.ts';
import { accounts } from '../index.ts';
import { type Desk, openDesk } from './desk.ts';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not.
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  /** To PostgreSQL. */
  trips: number;
}

export interface TestRoom {
  desk: Desk;
  handler: Handler;
  /** As the router does: signed, with a debug flag. A guest when no viewer is given. */
  ask(query: string, variables?: Record<string, unknown>, viewer?: Partial<Viewer>): Promise<Answer>;
  /** Calls a mutation by its name, and answers its payload. An error outside of the payload is thrown. */
  call(
    mutation: string,
    input: object | null,
    selection: string,
    viewer?: Partial<Viewer>,
  ): Promise<Answer['data']>;
  send(
    method: string,
    path: string,
    options?: { query?: string; headers?: Record<string, string>; body?: string },
  ): Promise<HttpResponse>;
  close(): Promise<void>;
}

export async function openRoom(): Promise<TestRoom> {
  const desk = await openDesk();
  const key = randomViewerKey();
  const room: RunningRoom<Services> = await startRoom(
    { ...accounts, open: async () => ({ stores: desk.services, checks: {}, close: async () => {} }) },
    {
      urls: {},
      settings: {} as never,
      viewerKeys: [key],
      log: silentLog,
      metrics: createMetrics('accounts'),
    },
  );
  const ask: TestRoom['ask'] = async (query, variables = {}, viewer = {}) => {
    const response = await room.handler({
      method: 'POST',
      path: '/graphql',
      query: '',
      headers: {
        'content-type': 'application/json',
        'x-request-id': 'test-request',
        [VIEWER_HEADER]: signViewer({ scopes: [], ...viewer }, key, { debug: true }),
      },
      body: Buffer.from(JSON.stringify({ query, variables })),
    });
    const body = JSON.parse(response.body.toString()) as { data?: unknown; errors?: Answer['errors'] };
    const trips = parseRoundTrips(response.headers[ROUND_TRIPS_HEADER] ?? '').postgres;
    return { status: response.status, data: body.data, errors: body.errors ?? [], trips };
  };
  return {
    desk,
    handler: room.handler,
    ask,
    call: async (mutation, input, selection, viewer = {}) => {
      const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
      const answered = `{ ${selection} userErrors { kind code message field } }`;
      const query = input
        ? `mutation ($input: ${type}!) { ${mutation}(input: $input) ${answered} }`
        : `mutation { ${mutation} ${answered} }`;
      const { data, errors } = await ask(query, input ? { input } : {}, viewer);
      if (errors.length > 0) throw new Error(`${mutation}: ${errors[0]!.message}`);
      return data[mutation];
    },
    send: (method, path, { query = '', headers = {}, body } = {}) =>
      room.handler({
        method,
        path,
        query,
        headers,
        body: body === undefined ? EMPTY_BODY : Buffer.from(body),
      }),
    close: async () => {
      await room.stop();
      await desk.close();
    },
  };
}
