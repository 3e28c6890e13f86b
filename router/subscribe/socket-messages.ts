/** Messages of `graphql-transport-ws`, seen from the client: subgraphs are spoken to like this. */
export const PROTOCOL = 'graphql-transport-ws';

export type Received =
  | { type: 'next'; id: string; payload: Buffer }
  | { type: 'error'; id: string; payload: readonly unknown[] }
  | { type: 'complete'; id: string }
  | { type: 'connection_ack' | 'ping' | 'pong' };

/** As JSON.stringify writes it, whichever way round: the payload is taken as it stands, with the digits of its numbers. */
const NEXT = /^\{(?:"id":"(\d+)","type":"next"|"type":"next","id":"(\d+)"),"payload":/;
const MAX_HEAD = 64;
const CLOSE = 125;

/** Nothing for what the protocol does not have. */
export function readMessage(data: Buffer): Received | undefined {
  const head = NEXT.exec(data.toString('latin1', 0, MAX_HEAD));
  if (head && data.at(-1) === CLOSE) {
    return { type: 'next', id: (head[1] ?? head[2])!, payload: data.subarray(head[0].length, -1) };
  }
  try {
    return readParsed(JSON.parse(data.toString('utf8')));
  } catch {
    // No JSON.
    return undefined;
  }
}

function readParsed(message: Record<string, unknown>): Received | undefined {
  const { type, id, payload } = message;
  switch (type) {
    case 'connection_ack':
    case 'ping':
    case 'pong':
      return { type };
    case 'next':
      return typeof id === 'string' ? { type, id, payload: Buffer.from(JSON.stringify(payload)) } : undefined;
    case 'error':
      return typeof id === 'string'
        ? { type, id, payload: Array.isArray(payload) ? payload : [] }
        : undefined;
    case 'complete':
      return typeof id === 'string' ? { type, id } : undefined;
    default:
      return undefined;
  }
}
