/** A subgraph behind a URL: connections are kept alive and shared by all requests (docs/adr/0024-http-client.md). */
import type { Ask } from './http1/ask.ts';
import { createPool, type PoolOptions } from './http1/pool.ts';
import { createWriteHead } from './http1/request-head.ts';
import { SUBGRAPH_HEADERS, type Transport, type TransportOutcome } from './transport.ts';

export interface HttpTransportOptions extends Pick<PoolOptions, 'trust' | 'pace'> {
  url: string;
  /** Of one answer; of all that are under way together, eight times as much. */
  maxAnswerBytes: number;
  /** At most so many; what they cannot carry waits. */
  connections: number;
}

/** A subgraph that sends floods to everybody at once must not fill the memory with answers that each are allowed. */
const ANSWERS_AT_ONCE = 8;
const CANCELLED: TransportOutcome = { ok: false, fault: 'cancelled', detail: 'gave up waiting' };

export function createHttpTransport(options: HttpTransportOptions): Transport {
  const { maxAnswerBytes, url: _, ...others } = options;
  const url = new URL(options.url);
  const pool = createPool({
    origin: url,
    ...others,
    budget: {
      maxBytes: maxAnswerBytes,
      maxBytesAtOnce: maxAnswerBytes * ANSWERS_AT_ONCE,
      bytesAtOnce: 0,
    },
  });
  const writeHead = createWriteHead(
    { host: url.host, path: `${url.pathname}${url.search}` },
    { ...SUBGRAPH_HEADERS, ...credentialsOf(url) },
  );
  return {
    send: ({ body, headers, giveUp, mayRepeat }) =>
      new Promise((resolve) => {
        const head = writeHead(headers, body.length);
        if (head instanceof Error) return resolve({ ok: false, fault: 'unreachable', detail: head.message });
        const stop = () => {
          resolve(CANCELLED);
          pool.giveUp(ask);
        };
        const ask: Ask = {
          head,
          body,
          mayRepeat,
          isResent: false,
          settle: (outcome) => {
            giveUp.removeEventListener('abort', stop);
            resolve(outcome);
          },
        };
        giveUp.addEventListener('abort', stop);
        pool.send(ask);
      }),
    close: pool.close,
  };
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}
