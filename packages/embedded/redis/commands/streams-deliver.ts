/** XREADGROUP: each entry goes to one consumer of the group, and stays pending until XACK. */

import { pendingEffect } from '../pending-effect.ts';
import { CommandError, NULL_ARRAY, type Reply } from '../protocol/reply.ts';
import {
  addPending,
  type Consumer,
  type ConsumerGroup,
  handOver,
  type Pending,
  removePending,
  type Stream,
  type StreamEntry,
} from '../values/stream.ts';
import { compareIds, formatId, LAST_ID, nextId } from '../values/stream-id.ts';
import { attemptOrWait, type Call, type Command, FIRST, record } from './command.ts';
import { consumerOf, describeEntries, streamAt, streamId } from './stream-arguments.ts';
import { readStreamsToRead, type StreamsToRead, streamKeys } from './stream-reading.ts';
import { streamsReply } from './streams-read.ts';

const NEW_ONES = '>';

interface Source {
  key: string;
  id: string;
  stream: Stream;
  group: ConsumerGroup;
}

function xreadgroup(call: Call): Reply {
  const request = readStreamsToRead(call.args, 'xreadgroup');
  for (const id of request.ids) if (id !== NEW_ONES) streamId(id);
  const attempt = () => tryRead(call, request);
  if (request.blockMs === undefined) return attempt() ?? NULL_ARRAY;
  return attemptOrWait(call, {
    keys: request.keys,
    timeoutMs: request.blockMs,
    onTimeout: NULL_ARRAY,
    attempt,
  });
}

/** Undefined when nothing new is there and no history was asked for. */
function tryRead(call: Call, request: StreamsToRead): Reply | undefined {
  const sources = request.keys.map((key, place) => sourceAt(call, key, request.ids[place]!, request));
  const answers: [string, Reply][] = [];
  for (const source of sources) {
    const consumer = consumerOf(call, source.key, source.group, request.group!.consumer);
    if (source.id !== NEW_ONES) {
      answers.push([source.key, history(call, source, consumer, request.count)]);
      continue;
    }
    const entries = deliver(call, source, consumer, request);
    if (entries.length > 0) answers.push([source.key, describeEntries(entries)]);
  }
  return answers.length > 0 ? streamsReply(call, answers) : undefined;
}

function sourceAt({ db }: Call, key: string, id: string, { group }: StreamsToRead): Source {
  const stream = db.get(key, 'stream');
  const found = stream?.groups.get(group!.name);
  if (stream && found) return { key, id, stream, group: found };
  throw new CommandError(
    `NOGROUP No such key '${key}' or consumer group '${group!.name}' in XREADGROUP with GROUP option`,
  );
}

/** What the consumer has got before and not acknowledged; deleted entries come without their fields. */
function history(call: Call, { key, stream, group, id }: Source, consumer: Consumer, count: number): Reply {
  const start = nextId(streamId(id));
  const pending = start ? consumer.pending.range(start, LAST_ID, count) : [];
  return pending.map((each) => {
    const entry = stream.entries.find(each);
    if (entry) deliverAgain(call, key, group, each);
    return [formatId(each), entry?.fields ?? NULL_ARRAY];
  });
}

function deliverAgain(call: Call, key: string, group: ConsumerGroup, pending: Pending): void {
  pending.deliveredAt = call.db.now;
  pending.deliveries++;
  record(call, ...pendingEffect(key, group.name, [pending]));
  call.db.changedQuietly();
}

function deliver(
  call: Call,
  { key, stream, group }: Source,
  consumer: Consumer,
  { count, noAck }: StreamsToRead,
): StreamEntry[] {
  const start = nextId(group.lastId);
  if (!start || compareIds(stream.lastId, group.lastId) <= 0) return [];
  const entries = stream.entries.range(start, LAST_ID, count);
  if (entries.length === 0) return [];
  for (const entry of entries) advance(stream, group, entry);
  consumer.activeAt = call.db.now;
  if (!noAck) makePending(call, key, group, consumer, entries);
  const entriesRead = String(group.entriesRead ?? -1);
  record(call, 'XGROUP', 'SETID', key, group.name, formatId(group.lastId), 'ENTRIESREAD', entriesRead);
  call.db.changedQuietly();
  return entries;
}

/** Counts the entry as read by the group, as long as deleted entries do not make counting impossible. */
function advance(stream: Stream, group: ConsumerGroup, entry: StreamEntry): void {
  if (group.entriesRead !== undefined && !stream.hasGapsFrom(entry)) group.entriesRead++;
  else if (stream.entriesAdded > 0) group.entriesRead = stream.entriesUpTo(entry);
  group.lastId = { ms: entry.ms, seq: entry.seq };
}

function makePending(
  call: Call,
  key: string,
  group: ConsumerGroup,
  consumer: Consumer,
  entries: readonly StreamEntry[],
): void {
  const now = call.db.now;
  const pending = entries.map(({ ms, seq }) => {
    // After XGROUP SETID to an earlier id, an entry that is pending may be delivered anew.
    const known = group.pending.find({ ms, seq });
    const each: Pending = known ?? { ms, seq, consumer, deliveredAt: now, deliveries: 1 };
    if (known) handOver(known, consumer);
    else addPending(group, each);
    each.deliveredAt = now;
    each.deliveries = 1;
    return each;
  });
  record(call, ...pendingEffect(key, group.name, pending as [Pending, ...Pending[]]));
}

function xack(call: Call): Reply {
  const group = streamAt(call)?.groups.get(call.args[2]!);
  if (!group) return 0;
  const ids = call.args.slice(3).map((text) => streamId(text));
  let acknowledged = 0;
  for (const id of ids) {
    const pending = group.pending.find(id);
    if (!pending) continue;
    removePending(group, pending);
    acknowledged++;
  }
  if (acknowledged > 0) call.db.changedQuietly();
  return acknowledged;
}

export const streamDeliveryCommands: readonly Command[] = [
  {
    name: 'xreadgroup',
    arity: -7,
    flags: 'write blocking movablekeys',
    findKeys: streamKeys,
    run: xreadgroup,
  },
  { name: 'xack', arity: -4, flags: 'write fast', keys: FIRST, run: xack },
];
