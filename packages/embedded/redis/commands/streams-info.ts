/** XINFO. */
import { CommandError, mapOf, type Reply } from '../protocol/reply.ts';
import { byName, type Consumer, type ConsumerGroup, describeEntry, type Stream } from '../values/stream.ts';
import { FIRST_ID, formatId, LAST_ID } from '../values/stream-id.ts';
import { badSubcommandUse, integer, isWord } from './arguments.ts';
import { type Call, type Command, type Container, SECOND } from './command.ts';
import { describeEntries, streamAt } from './stream-arguments.ts';

const DEFAULT_FULL_COUNT = 10;
const NODE_ENTRIES = 100;

function existingStream(call: Call): Stream {
  const stream = streamAt(call, 2);
  if (!stream) throw new CommandError('ERR no such key');
  return stream;
}

function describeStream(call: Call): Reply {
  const count = readFull(call.args);
  const stream = existingStream(call);
  const nodes = Math.ceil(stream.size / NODE_ENTRIES);
  const counters: [Reply, Reply][] = [
    ['length', stream.size],
    ['radix-tree-keys', nodes],
    ['radix-tree-nodes', nodes + 1],
    ['last-generated-id', formatId(stream.lastId)],
    ['max-deleted-entry-id', formatId(stream.maxDeletedId)],
    ['entries-added', stream.entriesAdded],
    ['recorded-first-entry-id', formatId(stream.firstId)],
  ];
  if (count !== undefined) {
    const entries = describeEntries(stream.entries.slice(0, count));
    const groups = byName(stream.groups.values()).map((group) => describeGroupInFull(stream, group, count));
    return mapOf([...counters, ['entries', entries], ['groups', groups]]);
  }
  const [first, last] = [stream.entries.at(0), stream.entries.at(stream.size - 1)];
  return mapOf([
    ...counters,
    ['groups', stream.groups.size],
    ['first-entry', first ? describeEntry(first) : null],
    ['last-entry', last ? describeEntry(last) : null],
  ]);
}

/** How many entries to list; undefined when not in full, Infinity for all. */
function readFull(args: readonly string[]): number | undefined {
  if (args.length === 3) return undefined;
  const hasCount = args.length === 6 && isWord(args[4], 'COUNT');
  if (!isWord(args[3], 'FULL') || (args.length > 4 && !hasCount)) throw badSubcommandUse(args);
  const count = integer(args[5] ?? String(DEFAULT_FULL_COUNT));
  return count < 0 ? DEFAULT_FULL_COUNT : count || Infinity;
}

function describeGroupInFull(stream: Stream, group: ConsumerGroup, count: number): Reply {
  const pending = group.pending
    .range(FIRST_ID, LAST_ID, count)
    .map((each) => [formatId(each), each.consumer.name, each.deliveredAt, each.deliveries]);
  return mapOf([
    ['name', group.name],
    ['last-delivered-id', formatId(group.lastId)],
    ['entries-read', group.entriesRead ?? null],
    ['lag', stream.lagOf(group) ?? null],
    ['pel-count', group.pending.size],
    ['pending', pending],
    [
      'consumers',
      byName(group.consumers.values()).map((consumer) => describeConsumerInFull(consumer, count)),
    ],
  ]);
}

function describeConsumerInFull(consumer: Consumer, count: number): Reply {
  const pending = consumer.pending
    .range(FIRST_ID, LAST_ID, count)
    .map((each) => [formatId(each), each.deliveredAt, each.deliveries]);
  return mapOf([
    ['name', consumer.name],
    ['seen-time', consumer.seenAt],
    ['active-time', consumer.activeAt ?? -1],
    ['pel-count', consumer.pending.size],
    ['pending', pending],
  ]);
}

function describeGroups(call: Call): Reply {
  const stream = existingStream(call);
  return byName(stream.groups.values()).map((group) =>
    mapOf([
      ['name', group.name],
      ['consumers', group.consumers.size],
      ['pending', group.pending.size],
      ['last-delivered-id', formatId(group.lastId)],
      ['entries-read', group.entriesRead ?? null],
      ['lag', stream.lagOf(group) ?? null],
    ]),
  );
}

function describeConsumers(call: Call): Reply {
  const [, , key, name] = call.args as [string, string, string, string];
  const group = existingStream(call).groups.get(name);
  if (!group) throw new CommandError(`NOGROUP No such consumer group '${name}' for key name '${key}'`);
  const { now } = call.db;
  return byName(group.consumers.values()).map((consumer) =>
    mapOf([
      ['name', consumer.name],
      ['pending', consumer.pending.size],
      ['idle', Math.max(0, now - consumer.seenAt)],
      ['inactive', consumer.activeAt === undefined ? -1 : Math.max(0, now - consumer.activeAt)],
    ]),
  );
}

const subcommand = (name: string, arity: number, run: Command['run']): Command => ({
  name,
  arity,
  flags: 'readonly',
  keys: SECOND,
  run,
});

export const streamInfoCommand: Container = {
  name: 'xinfo',
  subcommands: [
    subcommand('stream', -3, describeStream),
    subcommand('groups', 3, describeGroups),
    subcommand('consumers', 4, describeConsumers),
  ],
};
