/** A subgraph behind a URL: connections are kept alive and shared by all requests. */
import { errors, Pool } from 'undici';
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
    // The caller's signal bounds the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const path = `${pathname}${search}`;
  const credentials = username === '' ? {} : { authorization: basic(username, password) };
  return {
    send: async ({ body, headers, signal }) => {
      try {
        const response = await pool.request({
          path,
          method: 'POST',
          headers: { ...SUBGRAPH_HEADERS, ...credentials, ...headers },
          body,
          signal,
        });
        return {
          ok: true,
          status: response.statusCode,
          body: Buffer.from(await response.body.arrayBuffer()),
        };
      } catch (error) {
        return faultOf(error as Error, signal);
      }
    },
    close: () => pool.close(),
  };
}

function faultOf(error: Error, signal: AbortSignal): TransportOutcome {
  const detail = error.message || error.name;
  if (signal.aborted) return { ok: false, fault: 'cancelled', detail };
  if (error instanceof errors.ResponseExceededMaxSizeError) return { ok: false, fault: 'too large', detail };
  return { ok: false, fault: 'unreachable', detail };
}

function basic(username: string, password: string): string {
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
