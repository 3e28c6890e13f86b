/** The legacy OP_QUERY: drivers still greet with it; nothing else may be asked this way. */
import { failedToParse, MongoError } from '../errors.ts';
import { decodeDoc } from '../values/codec.ts';
import { getField } from '../values/fields.ts';
import { isDoc } from '../values/kind.ts';
import type { Doc } from '../values/types.ts';
import { HEADER_BYTES } from './frames.ts';

export interface OpQuery {
  database: string;
  command: Doc;
}

const GREETINGS = new Set(['hello', 'ismaster']);

export function readGreeting(message: Buffer): OpQuery {
  const nameStart = HEADER_BYTES + 4;
  const nameEnd = message.indexOf(0, nameStart);
  // Numbers of documents to skip and to return stand between the name and the query.
  const queryStart = nameEnd + 1 + 8;
  if (nameEnd < 0 || queryStart + 5 > message.length) throw failedToParse('OP_QUERY is too short');
  const namespace = message.toString('utf8', nameStart, nameEnd);
  const length = message.readInt32LE(queryStart);
  if (length < 5 || queryStart + length > message.length) {
    throw failedToParse('The query of OP_QUERY has an invalid length');
  }
  const query = decodeDoc(message.subarray(queryStart, queryStart + length));
  const wrapped = getField(query, '$query');
  const command = isDoc(wrapped) ? wrapped : query;
  const name = Object.keys(command)[0] ?? '';
  if (!namespace.endsWith('.$cmd') || !GREETINGS.has(name.toLowerCase())) {
    const asked = namespace.endsWith('.$cmd') ? name : 'find';
    throw new MongoError(
      352,
      'UnsupportedOpQueryCommand',
      `Unsupported OP_QUERY command: ${asked}. The client driver may require an upgrade. For more details see ` +
        'https://dochub.mongodb.org/core/legacy-opcode-removal',
    );
  }
  return { database: namespace.slice(0, -'.$cmd'.length), command };
}
