/** What was delivered and not acknowledged: XPENDING tells, XCLAIM and XAUTOCLAIM give it to another consumer. */
import { pendingEffect } from '../pending-effect.ts';
import { CommandError, NULL_ARRAY, type Reply } from '../protocol/reply.ts';
import {
  addPending,
  byName,
  type ConsumerGroup,
  describeEntry,
  handOver,
  type Pending,
  removePending,
  type Stream,
} from '../values/stream.ts';
import {
  compareIds,
  FIRST_ID,
  formatId,
  LAST_ID,
  laterId,
  parseId,
  type StreamId,
} from '../values/stream-id.ts';
import { integer, isWord, Options, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST, record } from './command.ts';
import { consumerOf, groupAt, lowerLimit, streamId, upperLimit } from './stream-arguments.ts';

function xpending(call: Call): Reply {
  const { args, db } = call;
  if (args.length === 3) return summary(groupAt(call).group);
  const byIdle = isWord(args[3], 'IDLE');
  const at = byIdle ? 5 : 3;
  if (args.length < at + 3 || args.length > at + 4) throw syntaxError();
  const minIdle = byIdle ? integer(args[4]!) : 0;
  const limit = Math.max(0, integer(args[at + 2]!));
  const from = lowerLimit(args[at]!);
  const to = upperLimit(args[at + 1]!);
  const { group } = groupAt(call);
  const name = args[at + 3];
  const pending = name === undefined ? group.pending : group.consumers.get(name)?.pending;
  const idleOf = ({ deliveredAt }: Pending) => Math.max(0, db.now - deliveredAt);
  return (pending?.range(from, to, minIdle > 0 ? Infinity : limit) ?? [])
    .filter((each) => idleOf(each) >= minIdle)
    .slice(0, limit)
    .map((each) => [formatId(each), each.consumer.name, idleOf(each), each.deliveries]);
}

function summary({ pending, consumers }: ConsumerGroup): Reply {
  if (pending.size === 0) return [0, null, null, NULL_ARRAY];
  const counts = byName(consumers.values())
    .filter((consumer) => consumer.pending.size > 0)
    .map((consumer) => [consumer.name, String(consumer.pending.size)]);
  return [pending.size, formatId(pending.at(0)!), formatId(pending.at(pending.size - 1)!), counts];
}

interface Claim {
  key: string;
  stream: Stream;
  group: ConsumerGroup;
  consumer: string;
  minIdle: number;
  deliveredAt: number;
  /** Undefined to count one up. */
  deliveries: number | undefined;
  /** Also what is not pending. */
  force: boolean;
  justId: boolean;
}

function readMinIdle(text: string, command: string): number {
  return Math.max(0, integer(text, `ERR Invalid min-idle-time argument for ${command}`));
}

function xclaim(call: Call): Reply {
  const { args } = call;
  const { stream, group } = groupAt(call);
  const [, key, , consumer, minIdle] = args as [string, string, string, string, string];
  const claim: Claim = {
    key,
    stream,
    group,
    consumer,
    minIdle: readMinIdle(minIdle, 'XCLAIM'),
    deliveredAt: call.db.now,
    deliveries: undefined,
    force: false,
    justId: false,
  };
  const ids: StreamId[] = [];
  while (parseId(args[5 + ids.length] ?? '', 0)) ids.push(streamId(args[5 + ids.length]!));
  const lastId = readClaimOptions(call, 5 + ids.length, claim);
  if (lastId && compareIds(lastId, group.lastId) > 0) moveGroup(call, claim, lastId);
  consumerOf(call, key, group, consumer);
  return ids.flatMap((id) => {
    const pending = group.pending.find(id);
    if (!stream.entries.find(id)) {
      if (pending) forget(call, claim, [pending]);
      return [];
    }
    return pending || claim.force ? tryClaim(call, claim, id, pending) : [];
  });
}

/** What LASTID says. */
function readClaimOptions(call: Call, from: number, claim: Claim): StreamId | undefined {
  const options = new Options(call.args, from);
  const { now } = call.db;
  let lastId: StreamId | undefined;
  while (!options.done) {
    const text = options.value();
    const word = text.toUpperCase();
    const number = () => integer(options.value(), `ERR Invalid ${word} option argument for XCLAIM`);
    if (word === 'FORCE') claim.force = true;
    else if (word === 'JUSTID') claim.justId = true;
    else if (word === 'IDLE' && !options.done) claim.deliveredAt = now - number();
    else if (word === 'TIME' && !options.done) claim.deliveredAt = number();
    else if (word === 'RETRYCOUNT' && !options.done) claim.deliveries = Math.max(0, number());
    else if (word === 'LASTID' && !options.done)
      lastId = laterId(lastId ?? FIRST_ID, streamId(options.value()));
    else throw new CommandError(`ERR Unrecognized XCLAIM option '${text}'`);
  }
  if (claim.deliveredAt < 0 || claim.deliveredAt > now) claim.deliveredAt = now;
  return lastId;
}

function moveGroup(call: Call, { key, group }: Claim, lastId: StreamId): void {
  group.lastId = lastId;
  const entriesRead = String(group.entriesRead ?? -1);
  record(call, 'XGROUP', 'SETID', key, group.name, formatId(lastId), 'ENTRIESREAD', entriesRead);
  call.db.changedQuietly();
}

/** One reply, or none when it was not idle for long enough. */
function tryClaim(call: Call, claim: Claim, id: StreamId, known: Pending | undefined): Reply[] {
  const { key, stream, group, minIdle, deliveredAt } = claim;
  if (known && call.db.now - known.deliveredAt < minIdle) return [];
  const consumer = consumerOf(call, key, group, claim.consumer);
  const pending: Pending = known ?? { ms: id.ms, seq: id.seq, consumer, deliveredAt, deliveries: 0 };
  if (known) handOver(known, consumer);
  else addPending(group, pending);
  pending.deliveredAt = deliveredAt;
  if (claim.deliveries !== undefined) pending.deliveries = claim.deliveries;
  else if (!claim.justId) pending.deliveries++;
  consumer.activeAt = call.db.now;
  record(call, ...pendingEffect(key, group.name, [pending]));
  call.db.changedQuietly();
  return [claim.justId ? formatId(id) : describeEntry(stream.entries.find(id)!)];
}

/** Their entries are deleted: there is nothing to give to anyone. */
function forget(call: Call, { key, group }: Claim, pending: readonly Pending[]): void {
  for (const each of pending) removePending(group, each);
  record(call, 'XACK', key, group.name, ...pending.map(formatId));
  call.db.changedQuietly();
}

const ATTEMPTS_PER_ENTRY = 10;
const DEFAULT_COUNT = 100;

function xautoclaim(call: Call): Reply {
  const { args, db } = call;
  const [, key, , consumer, minIdle, start] = args as [string, string, string, string, string, string];
  const idle = readMinIdle(minIdle, 'XAUTOCLAIM');
  const from = lowerLimit(start);
  const { count, justId } = readAutoclaimOptions(args);
  const { stream, group } = groupAt(call);
  const claim: Claim = {
    key,
    stream,
    group,
    consumer,
    minIdle: idle,
    deliveredAt: db.now,
    deliveries: undefined,
    force: false,
    justId,
  };
  consumerOf(call, key, group, consumer);
  const candidates = group.pending.range(from, LAST_ID, count * ATTEMPTS_PER_ENTRY);
  const claimed: Reply[] = [];
  const gone: Pending[] = [];
  let looked = 0;
  for (; looked < candidates.length && claimed.length + gone.length < count; looked++) {
    const pending = candidates[looked]!;
    if (stream.entries.find(pending)) claimed.push(...tryClaim(call, claim, pending, pending));
    else gone.push(pending);
  }
  const next = candidates[looked] ?? afterLast(group, candidates);
  if (gone.length > 0) forget(call, claim, gone);
  return [formatId(next ?? FIRST_ID), claimed, gone.map(formatId)];
}

function afterLast(group: ConsumerGroup, candidates: readonly Pending[]): Pending | undefined {
  const last = candidates.at(-1);
  return last && group.pending.at(group.pending.countUpTo(last));
}

function readAutoclaimOptions(args: readonly string[]): { count: number; justId: boolean } {
  const options = new Options(args, 6);
  let count = DEFAULT_COUNT;
  let justId = false;
  while (!options.done) {
    const word = options.word();
    if (word === 'COUNT' && !options.done) count = readCount(options.value());
    else if (word === 'JUSTID') justId = true;
    else throw syntaxError();
  }
  return { count, justId };
}

function readCount(text: string): number {
  const count = integer(text, 'ERR COUNT must be > 0');
  if (count < 1) throw new CommandError('ERR COUNT must be > 0');
  return count;
}

export const streamPendingCommands: readonly Command[] = [
  { name: 'xpending', arity: -3, flags: 'readonly', keys: FIRST, run: xpending },
  { name: 'xclaim', arity: -6, flags: 'write fast', keys: FIRST, run: xclaim },
  { name: 'xautoclaim', arity: -6, flags: 'write fast', keys: FIRST, run: xautoclaim },
];
