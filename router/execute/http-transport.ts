/** A subgraph behind a URL: connections are kept alive and shared by all requests. */
import { type Dispatcher, Pool } from 'undici';
import {
  SUBGRAPH_HEADERS,
  type Transport,
  type TransportOutcome,
  type TransportRequest,
} from './transport.ts';

export interface HttpTransportOptions {
  url: string;
  /** Of one answer; of all that are under way together, eight times as much. */
  maxAnswerBytes: number;
  /** At most so many requests run at once; the others wait for a connection. */
  connections: number;
}

const CONNECT_TIMEOUT_MS = 3_000;
/** A subgraph that sends floods to everybody at once must not fill the memory with answers that each are allowed. */
const ANSWERS_AT_ONCE = 8;

/** Bytes of answers that have begun and not ended. */
interface UnderWay {
  bytes: number;
}

export function createHttpTransport({ url, maxAnswerBytes, connections }: HttpTransportOptions): Transport {
  const { origin, pathname, search, username, password } = new URL(url);
  const pool = new Pool(origin, {
    connections,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // The caller bounds the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const path = `${pathname}${search}`;
  const credentials = username === '' ? {} : { authorization: basic(username, password) };
  const underWay: UnderWay = { bytes: 0 };
  return {
    send: (request) =>
      new Promise((resolve) => {
        const { body } = request;
        const headers = { ...SUBGRAPH_HEADERS, ...credentials, ...request.headers };
        const handler = receive(request, { maxAnswerBytes, underWay }, resolve);
        pool.dispatch({ path, method: 'POST', headers, body }, handler);
      }),
    close: () => pool.close(),
  };
}

/** undici's own `request` makes a stream of every answer, which costs more than reading it. */
function receive(
  { giveUp }: TransportRequest,
  { maxAnswerBytes, underWay }: { maxAnswerBytes: number; underWay: UnderWay },
  resolve: (outcome: TransportOutcome) => void,
): Dispatcher.DispatchHandler {
  let controller: Dispatcher.DispatchController | undefined;
  let isOver = false;
  let status = 0;
  let size = 0;
  let chunks: Buffer[] = [];

  const end = (outcome: TransportOutcome): void => {
    if (isOver) return;
    isOver = true;
    underWay.bytes -= size;
    chunks = [];
    giveUp.removeEventListener('abort', stop);
    resolve(outcome);
  };
  const cutOff = (fault: 'cancelled' | 'too large', detail: string): void => {
    end({ ok: false, fault, detail });
    controller?.abort(new Error(detail));
  };
  const stop = () => cutOff('cancelled', 'gave up waiting');
  giveUp.addEventListener('abort', stop);

  return {
    onRequestStart: (started) => {
      controller = started;
      // Given up while it waited for a connection.
      if (isOver) started.abort(new Error('gave up waiting'));
    },
    onResponseStart: (_, statusCode) => {
      status = statusCode;
    },
    onResponseData: (_, chunk) => {
      if (isOver) return;
      size += chunk.length;
      underWay.bytes += chunk.length;
      chunks.push(chunk);
      if (size > maxAnswerBytes) cutOff('too large', `more than ${maxAnswerBytes} bytes`);
      else if (underWay.bytes > maxAnswerBytes * ANSWERS_AT_ONCE) {
        cutOff('too large', `more than ${maxAnswerBytes * ANSWERS_AT_ONCE} bytes in all answers under way`);
      }
    },
    onResponseEnd: () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      end({ ok: true, status, body });
    },
    onResponseError: (_, error) => {
      end({ ok: false, fault: 'unreachable', detail: error.message || error.name });
    },
  };
}

function basic(username: string, password: string): string {
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
