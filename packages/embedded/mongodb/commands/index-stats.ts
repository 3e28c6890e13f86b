/** What $indexStats tells about the indexes of a collection. */
import { hostname } from 'node:os';
import type { Collection } from '../storage/collection.ts';
import { docFrom } from '../values/fields.ts';
import { makeLong } from '../values/numbers.ts';
import type { Doc } from '../values/types.ts';
import type { ServerState } from './command.ts';

export function indexStats(collection: Collection | undefined, server: ServerState): Doc[] {
  return (collection?.indexes ?? []).map(({ spec, uses, since }) =>
    docFrom([
      ['name', spec.name],
      ['key', spec.key],
      ['host', `${hostname()}:${server.port()}`],
      [
        'accesses',
        docFrom([
          ['ops', makeLong(uses)],
          ['since', since],
        ]),
      ],
      ['spec', spec.doc],
    ]),
  );
}
