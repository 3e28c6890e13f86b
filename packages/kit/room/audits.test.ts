/** GraphQL over HTTP to the letter: the audits of graphql-http against a room on a socket, asked as its router asks. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { randomViewerKey, signViewer, VIEWER_HEADER } from '../auth/viewer.ts';
import { type Served, serve } from '../http/serve.ts';
import { silentLog } from '../observe/log.ts';
import { createSubgraph, type Subgraph } from './subgraph.ts';

const key = randomViewerKey();
let room: Subgraph;
let served: Served;

beforeAll(async () => {
  room = await createSubgraph({
    name: 'audited',
    sdl: 'type Query { hello: String }',
    resolvers: { Query: { hello: () => 'world' } },
    context: (request) => request,
    viewerKeys: [key],
    log: silentLog,
  });
  served = await serve({ handler: room.handler, log: silentLog });
});
afterAll(async () => {
  await served.stop();
  await room.stop();
});

const audits = serverAudits({
  url: () => `${served.url}/graphql`,
  fetchFn: (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...init.headers, [VIEWER_HEADER]: signViewer({ scopes: [] }, key) } }),
});

test('there are 61 of them', () => {
  expect(audits).toHaveLength(61);
});

describe('audit', () => {
  test.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_, audit) => {
    const result = await audit.fn();
    expect(result).toMatchObject({ status: 'ok' });
  });
});
