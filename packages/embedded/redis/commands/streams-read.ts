/** Reading streams without a group: XRANGE, XREAD. */
import { mapOf, NULL_ARRAY, type Reply } from '../protocol/reply.ts';
import { compareIds, FIRST_ID, LAST_ID, nextId, type StreamId } from '../values/stream-id.ts';
import { integer, Options, syntaxError } from './arguments.ts';
import { attemptOrWait, type Call, type Command, FIRST } from './command.ts';
import { describeEntries, lowerLimit, streamAt, streamId, upperLimit } from './stream-arguments.ts';
import { readStreamsToRead, streamKeys } from './stream-reading.ts';

const range =
  (reverse: boolean) =>
  (call: Call): Reply => {
    const { args } = call;
    const [first, last] = reverse ? [args[3]!, args[2]!] : [args[2]!, args[3]!];
    const from = lowerLimit(first);
    const to = upperLimit(last);
    const count = readCount(args);
    const stream = streamAt(call);
    if (!stream) return [];
    if (count === 0) return NULL_ARRAY;
    return describeEntries(
      reverse ? stream.entries.rangeBack(from, to, count) : stream.entries.range(from, to, count),
    );
  };

function readCount(args: readonly string[]): number {
  const options = new Options(args, 4);
  let count = Infinity;
  while (!options.done) {
    if (options.word() !== 'COUNT') throw syntaxError();
    count = Math.max(0, integer(options.value()));
  }
  return count;
}

function xread(call: Call): Reply {
  const { db } = call;
  const { keys, ids, count, blockMs } = readStreamsToRead(call.args, 'xread');
  const from = keys.map((key, place) => startAfter(call, key, ids[place]!));
  const attempt = (again: boolean): Reply | undefined => {
    const answers = keys.flatMap((key, place) => {
      const stream = again ? db.getIf(key, 'stream') : db.get(key, 'stream');
      const start = nextId(from[place]!);
      if (!stream || !start || compareIds(stream.lastId, from[place]!) <= 0) return [];
      const entries = stream.entries.range(start, LAST_ID, count);
      return entries.length > 0 ? [[key, describeEntries(entries)] as const] : [];
    });
    return answers.length > 0 ? streamsReply(call, answers) : undefined;
  };
  if (blockMs === undefined) return attempt(false) ?? NULL_ARRAY;
  return attemptOrWait(call, { keys, timeoutMs: blockMs, onTimeout: NULL_ARRAY, attempt });
}

function startAfter({ db }: Call, key: string, id: string): StreamId {
  const stream = db.get(key, 'stream');
  return id === '$' ? (stream?.lastId ?? FIRST_ID) : streamId(id);
}

/** A map in RESP3; in RESP2 an array of arrays of two, not a flat one. */
export function streamsReply({ client }: Call, answers: readonly (readonly [string, Reply])[]): Reply {
  return client.protocol === 3 ? mapOf(answers) : answers;
}

export const streamReadCommands: readonly Command[] = [
  {
    name: 'xlen',
    arity: 2,
    flags: 'readonly fast',
    keys: FIRST,
    run: (call) => streamAt(call)?.size ?? 0,
  },
  { name: 'xrange', arity: -4, flags: 'readonly', keys: FIRST, run: range(false) },
  { name: 'xrevrange', arity: -4, flags: 'readonly', keys: FIRST, run: range(true) },
  { name: 'xread', arity: -4, flags: 'readonly blocking movablekeys', findKeys: streamKeys, run: xread },
];
