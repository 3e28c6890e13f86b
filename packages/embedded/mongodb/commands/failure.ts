/** Any failure as the reply that tells it. */
import { LogWriteError } from '../../files/errors.ts';
import { MongoError } from '../errors.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc, Value } from '../values/types.ts';
import type { Reply } from './reply.ts';

export function failureReply(error: unknown): Reply {
  const { message, code, codeName, details } = asMongoError(error);
  return {
    fields: docFrom([
      ['ok', 0],
      ['errmsg', message],
      ['code', code],
      ['codeName', codeName],
      ...(Object.entries(details) as [string, Value][]),
    ]),
  };
}

/** One entry of writeErrors. */
export function writeErrorDoc(index: number, error: unknown): Doc {
  const { message, code, details } = asMongoError(error);
  return docFrom([
    ['index', index],
    ['code', code],
    ...(Object.entries(details) as [string, Value][]),
    ['errmsg', message],
  ]);
}

export function asMongoError(error: unknown): MongoError {
  if (error instanceof MongoError) return error;
  if (error instanceof LogWriteError) {
    const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT';
    return isFull
      ? new MongoError(14031, 'OutOfDiskSpace', error.message)
      : new MongoError(8, 'UnknownError', error.message);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new MongoError(1, 'InternalError', message);
}
