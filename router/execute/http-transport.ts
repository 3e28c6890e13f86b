/** A subgraph behind a URL: connections are kept alive and shared by all requests. */
import { errors, Pool } from 'undici';
import type { GiveUp } from './give-up.ts';
import { SUBGRAPH_HEADERS, type Transport, type TransportOutcome } from './transport.ts';

export interface HttpTransportOptions {
  url: string;
  maxAnswerBytes: number;
  /** At most so many requests run at once; the others wait for a connection. */
  connections: number;
}

const CONNECT_TIMEOUT_MS = 3_000;

export function createHttpTransport({ url, maxAnswerBytes, connections }: HttpTransportOptions): Transport {
  const { origin, pathname, search, username, password } = new URL(url);
  const pool = new Pool(origin, {
    connections,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: maxAnswerBytes,
    // The caller bounds the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const path = `${pathname}${search}`;
  const credentials = username === '' ? {} : { authorization: basic(username, password) };
  return {
    send: async ({ body, headers, giveUp }) => {
      try {
        const response = await pool.request({
          path,
          method: 'POST',
          headers: { ...SUBGRAPH_HEADERS, ...credentials, ...headers },
          body,
          // It asks no more of a signal than this has.
          signal: giveUp as unknown as AbortSignal,
        });
        return {
          ok: true,
          status: response.statusCode,
          body: Buffer.from(await response.body.arrayBuffer()),
        };
      } catch (error) {
        return faultOf(error as Error, giveUp);
      }
    },
    close: () => pool.close(),
  };
}

function faultOf(error: Error, giveUp: GiveUp): TransportOutcome {
  const detail = error.message || error.name;
  if (giveUp.aborted) return { ok: false, fault: 'cancelled', detail };
  if (error instanceof errors.ResponseExceededMaxSizeError) return { ok: false, fault: 'too large', detail };
  return { ok: false, fault: 'unreachable', detail };
}

function basic(username: string, password: string): string {
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
