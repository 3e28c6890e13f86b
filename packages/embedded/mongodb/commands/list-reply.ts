/** Lists of the catalog as cursors. */
import { compileFilter } from '../query/filter.ts';
import type { Doc } from '../values/types.ts';
import type { Call } from './command.ts';
import { CursorTime, DEFAULT_FIRST_BATCH } from './cursors.ts';
import { size, struct } from './fields.ts';
import type { Reply } from './reply.ts';
import { encodeResult } from './result.ts';

export const cursorOptions = struct({ batchSize: size });

export function listReply(
  call: Call,
  namespace: string,
  documents: readonly Doc[],
  options: { filter?: Doc | undefined; batchSize?: number | undefined },
): Reply {
  const matches = options.filter ? compileFilter(options.filter, {}) : () => true;
  const encoded = documents.filter(matches).map(encodeResult);
  return call.server.cursors.reply(
    { namespace, documents: encoded.values(), time: new CursorTime(undefined), session: call.session },
    options.batchSize ?? DEFAULT_FIRST_BATCH,
  );
}
