/** Server-sent events, as GraphQL over SSE has them in its distinct connections mode. */
import type { AnswerError } from '../execute/executor.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

/** Nothing that could end its line, and no more than a browser should send back in a header. */
const CURSOR = /^[\x21-\x7e]{1,256}$/;

/** A comment, which no client sees: opens the stream, and keeps proxies from closing it. */
export const COMMENT: Buffer = Buffer.from(':\n\n');
/** Browsers tell an event alone that has data. */
export const COMPLETE: Buffer = Buffer.from('event: complete\ndata:\n\n');

export function nextChunk(payload: Buffer, cursor?: string): Buffer {
  // Browsers send the id of the last event back as `last-event-id` when they connect anew.
  const id = cursor !== undefined && CURSOR.test(cursor) ? `id: ${cursor}\n` : '';
  return Buffer.concat([Buffer.from(`${id}event: next\ndata: `), onOneLine(payload), Buffer.from('\n\n')]);
}

/** Subscribers to the same get the same, one after the other: made once. */
export function createNextChunks(): typeof nextChunk {
  let last: { payload: Buffer; chunk: Buffer } | undefined;
  return (payload, cursor) => {
    if (last?.payload !== payload) last = { payload, chunk: nextChunk(payload, cursor) };
    return last.chunk;
  };
}

export function errorsChunk(errors: readonly AnswerError[]): Buffer {
  return nextChunk(Buffer.from(JSON.stringify({ errors })));
}

/** In JSON a line may end between its parts alone, where a blank says the same. */
function onOneLine(payload: Buffer): Buffer {
  if (!payload.includes(NEWLINE) && !payload.includes(RETURN)) return payload;
  return Buffer.from(payload.map((byte) => (byte === NEWLINE || byte === RETURN ? SPACE : byte)));
}
