/** https: the same answers over TLS, from a server that is who it says it is. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createGiveUp } from '../give-up.ts';
import { createHttpTransport } from '../http-transport.ts';

/** Of "localhost", signed by itself, good until 2126; worth nothing anywhere else. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUE7YdVi2QGnspMP+GF99u32hRxWYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIxMTU1M1oYDzIxMjYxMDI4
MjExNTUzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARJ8suEeezHK4pSX/wzDFdBjOJvrD2TkOta/YqLS0ytjyicpzaOXJ8K
RrISfjVH0puSEZGg39CGI1FgZe3x/76Xo2kwZzAdBgNVHQ4EFgQUpsNOVSYOGt4x
mxSKQC/ksZXNotYwHwYDVR0jBBgwFoAUpsNOVSYOGt4xmxSKQC/ksZXNotYwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgV41ivIM/bmEqR+88e2he8r8/B6fHfhnFzZWnZKPWTZQCIQD/EkBV9fLh
qP1G4zRYZrlyIuGrkXUYSUAiSE9HwnhcEw==
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMZ0EqQqRaek7sD6o
StWxyFn+uqTECX0140stx2YlDYShRANCAARJ8suEeezHK4pSX/wzDFdBjOJvrD2T
kOta/YqLS0ytjyicpzaOXJ8KRrISfjVH0puSEZGg39CGI1FgZe3x/76X
-----END PRIVATE KEY-----
`;

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(trust: { ca: string } | undefined, times = 1) {
  const ports = new Set<number>();
  server = createServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    ports.add(request.socket.remotePort!);
    request.resume().on('end', () => response.end(JSON.stringify({ data: 'x'.repeat(100_000) })));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const transport = createHttpTransport({
    url: `https://localhost:${(server.address() as AddressInfo).port}/graphql`,
    maxAnswerBytes: 1_000_000,
    connections: 2,
    ...(trust ? { trust } : {}),
  });
  const outcomes = [];
  for (let time = 0; time < times; time++) {
    const request = { body: Buffer.from('{}'), headers: {}, giveUp: createGiveUp(), mayRepeat: true };
    outcomes.push(await transport.send(request));
  }
  await transport.close();
  return { outcomes, connections: ports.size };
}

test('a server that is trusted is asked, over a connection that is kept', async () => {
  const { outcomes, connections } = await ask({ ca: CERTIFICATE }, 3);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ ok: true, status: 200 });
    expect(JSON.parse(outcome.ok ? outcome.body.toString() : '').data).toHaveLength(100_000);
  }
  expect(connections).toBe(1);
});

test('a server that nobody vouches for is sent nothing', async () => {
  const { outcomes, connections } = await ask(undefined);
  expect(outcomes).toEqual([
    { ok: false, fault: 'unreachable', detail: expect.stringContaining('self-signed') },
  ]);
  expect(connections).toBe(0);
});
