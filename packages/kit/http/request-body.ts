/** Reads the body of a request: into memory up to a limit, or piece by piece as long as the sender keeps sending. */
import type { IncomingMessage } from 'node:http';
import { EMPTY_BODY } from './handler.ts';

/** How much of a body that is too large is read and thrown away, so that its sender gets to read the answer. */
const DISCARD_BYTES = 64 * 1_048_576;

export interface BodyLimits {
  maxBytes: number;
  /** For the whole of it. */
  withinMs: number;
}

/** The rest of a body that is too large is read and thrown away. */
export function readBody(
  incoming: IncomingMessage,
  { maxBytes, withinMs }: BodyLimits,
): Promise<Buffer | 'too large' | 'too slow' | 'broken off'> {
  const announced = incoming.headers['content-length'];
  if (announced === undefined && incoming.headers['transfer-encoding'] === undefined) {
    return Promise.resolve(EMPTY_BODY);
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => end('too slow'), withinMs);
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) end('too large');
      else chunks.push(chunk);
    };
    const end = (outcome: Buffer | 'too large' | 'too slow' | 'broken off') => {
      clearTimeout(timer);
      incoming.off('data', take);
      if (outcome === 'too large') discardRest(incoming, withinMs);
      resolve(outcome);
    };
    incoming.on('data', take);
    incoming.on('end', () => end(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    incoming.on('close', () => end('broken off'));
    if (Number(announced ?? 0) > maxBytes) end('too large');
  });
}

/** Lets a sender who has been answered already come to its end: most read the answer only then. */
export function discardRest(incoming: IncomingMessage, withinMs: number): void {
  if (incoming.complete || incoming.destroyed) return;
  const { socket } = incoming;
  let size = 0;
  const timer = setTimeout(() => incoming.destroy(), withinMs);
  const forget = () => {
    clearTimeout(timer);
    socket.off('close', forget);
  };
  // Once a request is answered, Node no longer tells it that its socket has gone.
  socket.on('close', forget);
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > DISCARD_BYTES) incoming.destroy();
  });
  incoming.on('end', forget);
  incoming.on('close', forget);
  incoming.resume();
}

export interface StreamedBody {
  /** Throws when the sender goes away or falls silent. */
  chunks: AsyncIterable<Buffer>;
  /** Settles when the sender has fallen silent, and never otherwise. */
  silence: Promise<void>;
}

/** Only time in which the reader waits counts: a slow reader is no fault of the sender. */
export function streamBody(incoming: IncomingMessage, idleMs: number): StreamedBody {
  let tellSilence = () => {};
  const silence = new Promise<void>((resolve) => {
    tellSilence = resolve;
  });
  async function* chunks(): AsyncGenerator<Buffer> {
    // A reader that has seen enough leaves the connection open, for the answer.
    const source = incoming.iterator({ destroyOnReturn: false }) as AsyncGenerator<Buffer>;
    try {
      for (;;) {
        const next = await nextWithin(source, idleMs);
        if (next === 'silent') {
          tellSilence();
          throw new Error(`The sender was silent for ${idleMs / 1000} s`);
        }
        if (next.done) return;
        yield next.value;
      }
    } finally {
      // Not waited for: after a silence it ends with the connection.
      void source.return(undefined);
    }
  }
  return { chunks: chunks(), silence };
}

function nextWithin<Item>(source: AsyncIterator<Item>, ms: number): Promise<IteratorResult<Item> | 'silent'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('silent'), ms);
    // After the silence it still fails, once the socket is closed; nobody listens to that any more.
    source
      .next()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
