/** The records that rebuild today's state: what the log is rewritten from. Large collections take several. */
import type { Entry } from './keyspace/entry.ts';
import type { Keyspace } from './keyspace/keyspace.ts';
import { pendingEffect } from './pending-effect.ts';
import { encodeRecord } from './record.ts';
import type { ConsumerGroup, Stream } from './values/stream.ts';
import { formatId, previousId } from './values/stream-id.ts';
import type { Value } from './values/value.ts';

const ITEMS_PER_RECORD = 256;

export function* snapshotRecords(keyspace: Keyspace): Generator<Buffer> {
  for (const database of keyspace.databases) {
    for (const entry of database.entries()) {
      for (const args of describeEntry(entry)) yield encodeRecord(database.index, args);
    }
  }
}

function* describeEntry({ key, value, expireAt }: Entry): Generator<string[]> {
  yield* describeValue(key, value);
  if (expireAt !== Infinity) yield ['PEXPIREAT', key, String(expireAt)];
}

function* describeValue(key: string, value: Value): Generator<string[]> {
  if (typeof value === 'string') {
    yield ['SET', key, value];
    return;
  }
  switch (value.type) {
    case 'list':
      yield* inParts(['RPUSH', key], value.slice(0, value.length), (item) => [item]);
      break;
    case 'hash':
      yield* inParts(['HSET', key], value, (field) => [field.key, field.value]);
      break;
    case 'set':
      yield* inParts(['SADD', key], value, (member) => [member.key]);
      break;
    case 'zset':
      yield* inParts(['ZADD', key], value.members, ({ score, key: member }) => [String(score), member]);
      break;
    case 'stream':
      yield* describeStream(key, value);
  }
}

function* describeStream(key: string, stream: Stream): Generator<string[]> {
  for (const entry of stream.entries.slice()) yield ['XADD', key, formatId(entry), ...entry.fields];
  if (stream.size === 0) yield* describeEmptyStream(key, stream);
  const { lastId, entriesAdded, maxDeletedId } = stream;
  const counters = ['ENTRIESADDED', String(entriesAdded), 'MAXDELETEDID', formatId(maxDeletedId)];
  yield ['XSETID', key, formatId(lastId), ...counters];
  for (const group of stream.groups.values()) yield* describeGroup(key, group);
}

/** A stream without entries cannot be set down as such: one that is added and trimmed away makes the key. */
function* describeEmptyStream(key: string, { lastId }: Stream): Generator<string[]> {
  if (previousId(lastId) === undefined) {
    yield ['XGROUP', 'CREATE', key, '', '0', 'MKSTREAM'];
    yield ['XGROUP', 'DESTROY', key, ''];
    return;
  }
  yield ['XADD', key, formatId(lastId), '', ''];
  yield ['XTRIM', key, 'MAXLEN', '0'];
}

function* describeGroup(key: string, group: ConsumerGroup): Generator<string[]> {
  const entriesRead = String(group.entriesRead ?? -1);
  yield ['XGROUP', 'CREATE', key, group.name, formatId(group.lastId), 'ENTRIESREAD', entriesRead];
  for (const consumer of group.consumers.values()) {
    yield ['XGROUP', 'CREATECONSUMER', key, group.name, consumer.name];
    for (const pending of consumer.pending.slice()) yield pendingEffect(key, group.name, [pending]);
  }
}

function* inParts<T>(
  start: string[],
  items: Iterable<T>,
  toArgs: (item: T) => string[],
): Generator<string[]> {
  let args = [...start];
  let count = 0;
  for (const item of items) {
    args.push(...toArgs(item));
    if (++count % ITEMS_PER_RECORD > 0) continue;
    yield args;
    args = [...start];
  }
  if (args.length > start.length) yield args;
}
