/** Ids and options that stream commands share. */
import type { Int64 } from '../numbers/int64.ts';
import { LAST_UNSIGNED_64 } from '../numbers/int64.ts';
import { CommandError, type Reply } from '../protocol/reply.ts';
import type { Consumer } from '../values/stream.ts';
import { type ConsumerGroup, createConsumer, describeEntry, type Stream } from '../values/stream.ts';
import { FIRST_ID, LAST_ID, nextId, parseId, previousId, type StreamId } from '../values/stream-id.ts';
import { type Call, record } from './command.ts';

export const INVALID_ID = 'ERR Invalid stream ID specified as stream command argument';

export function streamId(text: string, missingSeq: Int64 = 0): StreamId {
  const id = parseId(text, missingSeq);
  if (!id) throw new CommandError(INVALID_ID);
  return id;
}

/** `-` and `+` are the lowest and the highest id; `(` leaves the id itself out. */
export function lowerLimit(text: string): StreamId {
  if (text === '-') return FIRST_ID;
  if (text === '+') return LAST_ID;
  if (!isExclusive(text)) return streamId(text);
  const id = nextId(streamId(text.slice(1)));
  if (!id) throw new CommandError('ERR invalid start ID for the interval');
  return id;
}

export function upperLimit(text: string): StreamId {
  if (text === '-') return FIRST_ID;
  if (text === '+') return LAST_ID;
  if (!isExclusive(text)) return streamId(text, LAST_UNSIGNED_64);
  const id = previousId(streamId(text.slice(1), LAST_UNSIGNED_64));
  if (!id) throw new CommandError('ERR invalid end ID for the interval');
  return id;
}

const isExclusive = (text: string) => text.length > 1 && text.startsWith('(');

export function streamAt({ args, db }: Call, keyAt = 1): Stream | undefined {
  return db.get(args[keyAt]!, 'stream');
}

/** For the commands whose first arguments are a key and a group. */
export function groupAt(call: Call): { stream: Stream; group: ConsumerGroup } {
  const [, key, name] = call.args as [string, string, string];
  const stream = streamAt(call);
  const group = stream?.groups.get(name);
  if (!stream || !group) {
    throw new CommandError(`NOGROUP No such key '${key}' or consumer group '${name}'`);
  }
  return { stream, group };
}

/** The consumer of that name, made when it is asked for the first time. */
export function consumerOf(call: Call, key: string, group: ConsumerGroup, name: string): Consumer {
  const known = group.consumers.get(name);
  if (known) {
    known.seenAt = call.db.now;
    return known;
  }
  record(call, 'XGROUP', 'CREATECONSUMER', key, group.name, name);
  const created = createConsumer(group, name, call.db.now);
  call.db.changedQuietly();
  call.db.tell('t', 'xgroup-createconsumer', key);
  return created;
}

export const describeEntries = (entries: Iterable<Parameters<typeof describeEntry>[0]>): Reply[] =>
  Array.from(entries, describeEntry);
