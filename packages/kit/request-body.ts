/** Reads the body of a request into memory, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { EMPTY_BODY } from './handler.ts';

/** How much of a body that is too large is read and thrown away, so that its sender gets to read the answer. */
const DISCARD_BYTES = 64 * 1_048_576;

/** The rest of a body that is too large is read and thrown away. */
export function readBody(
  incoming: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | 'too large' | 'broken off'> {
  const announced = incoming.headers['content-length'];
  if (announced === undefined && incoming.headers['transfer-encoding'] === undefined) {
    return Promise.resolve(EMPTY_BODY);
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = () => {
      chunks.length = 0;
      resolve('too large');
    };
    if (Number(announced ?? 0) > maxBytes) tooLarge();
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > DISCARD_BYTES) incoming.destroy();
      else if (size > maxBytes) tooLarge();
      else chunks.push(chunk);
    });
    incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    incoming.on('close', () => resolve('broken off'));
  });
}
