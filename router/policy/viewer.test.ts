/** What subgraphs are told about who asks. */
import { describe, expect, test } from '@jest/globals';
import { randomViewerKey, verifyViewer } from '@souk/kit/auth/viewer';
import { codesOf, post } from '../tests/toy/ask.ts';
import { createIssuer } from '../tests/toy/issuer.ts';
import { startToyRouter } from '../tests/toy/router.ts';

const key = randomViewerKey();
const QUERY = '{ book(id: "b1") { title author { name } } }';

async function headersFor(
  headers: Record<string, string>,
  options: Parameters<typeof startToyRouter>[0] = {},
) {
  const issuer = await createIssuer();
  const toy = await startToyRouter({ viewerKey: key, tokens: issuer.options, ...options });
  const told = await post(toy.handler, QUERY, { headers });
  await toy.router.stop();
  const requests = [...toy.library.books.requests, ...toy.library.people.requests];
  return { told, requests };
}

describe('the viewer header', () => {
  test('is signed for each request to a subgraph, for a guest too', async () => {
    const { requests } = await headersFor({});
    expect(requests).toHaveLength(2);
    for (const { headers } of requests) {
      expect(verifyViewer(headers['souk-viewer'], [key])).toMatchObject({ ok: true, viewer: { scopes: [] } });
    }
  });

  test('carries the guest token', async () => {
    const { requests } = await headersFor({ 'souk-guest': 'gst_1' });
    expect(verifyViewer(requests[0]!.headers['souk-viewer'], [key])).toMatchObject({
      viewer: { guestToken: 'gst_1' },
    });
  });

  test('carries who is signed in', async () => {
    const issuer = await createIssuer();
    const toy = await startToyRouter({ viewerKey: key, tokens: issuer.options });
    await post(toy.handler, QUERY, { headers: await issuer.bearer('a b') });
    expect(verifyViewer(toy.library.books.requests[0]!.headers['souk-viewer'], [key])).toMatchObject({
      viewer: { userId: 'p1', sessionId: 's1', scopes: ['a', 'b'] },
    });
    await toy.router.stop();
  });

  test('asks for round trips where that is wanted, and only there', async () => {
    for (const askRoundTrips of [true, false]) {
      const { requests } = await headersFor({}, { askRoundTrips });
      expect(verifyViewer(requests[0]!.headers['souk-viewer'], [key])).toMatchObject({
        debug: askRoundTrips,
      });
    }
  });

  test('of a client is never passed on, signed or not', async () => {
    const { requests } = await headersFor({ 'souk-viewer': 'forged' });
    expect(requests[0]!.headers['souk-viewer']).not.toBe('forged');
    const keyless = await startToyRouter();
    await post(keyless.handler, QUERY, { headers: { 'souk-viewer': 'forged' } });
    expect(keyless.library.books.requests[0]!.headers['souk-viewer']).toBeUndefined();
    await keyless.router.stop();
  });

  test('is not made for a guest token that nobody handed out', async () => {
    for (const token of ['a b', 'x'.repeat(513), 'ä']) {
      const { told, requests } = await headersFor({ 'souk-guest': token });
      expect(codesOf(told)).toEqual(['BAD_REQUEST']);
      expect(requests).toEqual([]);
    }
  });
});

describe('what goes along', () => {
  test('is the request id and the trace, and a client cannot smuggle in others', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const { told, requests } = await headersFor({
      'x-request-id': 'request-12345',
      traceparent,
      cookie: 'c=1',
      'x-tenant': 't1',
    });
    expect(told.headers['x-request-id']).toBe('request-12345');
    expect(requests[0]!.headers).toEqual({
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'x-request-id': 'request-12345',
      traceparent,
      'souk-viewer': expect.any(String),
    });
  });

  test('is a new request id for a malformed one, and no malformed trace', async () => {
    const { told, requests } = await headersFor({ 'x-request-id': 'a b', traceparent: 'zz' });
    expect(told.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(requests[0]!.headers).toMatchObject({ 'x-request-id': told.headers['x-request-id'] });
    expect(requests[0]!.headers.traceparent).toBeUndefined();
  });

  test('is whatever header it is told to forward', async () => {
    const { requests } = await headersFor({ 'x-tenant': 't1' }, { forwardHeaders: ['x-tenant', 'x-absent'] });
    expect(requests[0]!.headers['x-tenant']).toBe('t1');
    expect('x-absent' in requests[0]!.headers).toBe(false);
  });
});
