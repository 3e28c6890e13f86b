/** Encodes what a command made; a result may be a little larger than what may be stored. */
import { MongoError } from '../errors.ts';
import { encodeDoc } from '../values/codec.ts';
import type { Doc } from '../values/types.ts';

const MAX_RESULT_BYTES = 16 * 1024 * 1024 + 16 * 1024;

export function encodeResult(document: Doc): Uint8Array {
  const bytes = encodeDoc(document);
  if (bytes.length <= MAX_RESULT_BYTES) return bytes;
  throw new MongoError(
    10334,
    'BSONObjectTooLarge',
    `BSONObj size: ${bytes.length} (0x${bytes.length.toString(16).toUpperCase()}) is invalid. ` +
      `Size must be between 0 and ${MAX_RESULT_BYTES}(16MB)`,
  );
}
