/** What changes a sorted set, member by member or by ranges. */
import { CommandError, type Reply } from '../protocol/reply.ts';
import { SortedSet } from '../values/sorted-set.ts';
import { float, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST } from './command.ts';
import { lexRange, type Range, rankRange, scoreRange } from './zset-ranges.ts';
import { scoreReply, zsetAt } from './zset-reads.ts';

const FLAGS = new Set(['NX', 'XX', 'GT', 'LT', 'CH', 'INCR']);

interface Addition {
  flags: ReadonlySet<string>;
  pairs: readonly { member: string; score: number }[];
}

interface Outcome {
  added: number;
  updated: number;
  /** Of the last pair; undefined when the flags kept it from being written. */
  score: number | undefined;
}

function readAddition(args: readonly string[]): Addition {
  const flags = new Set<string>();
  let at = 2;
  for (; FLAGS.has(args[at]?.toUpperCase() ?? ''); at++) flags.add(args[at]!.toUpperCase());
  const rest = args.slice(at);
  if (rest.length === 0 || rest.length % 2 > 0) throw syntaxError();
  checkFlags(flags, rest.length / 2);
  const pairs = [];
  for (let pair = 0; pair < rest.length; pair += 2) {
    pairs.push({ score: float(rest[pair]!), member: rest[pair + 1]! });
  }
  return { flags, pairs };
}

function checkFlags(flags: ReadonlySet<string>, pairs: number): void {
  if (flags.has('NX') && flags.has('XX')) {
    throw new CommandError('ERR XX and NX options at the same time are not compatible');
  }
  const exclusive = ['GT', 'LT', 'NX'].filter((flag) => flags.has(flag));
  if (exclusive.length > 1) {
    throw new CommandError('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  if (flags.has('INCR') && pairs > 1) {
    throw new CommandError('ERR INCR option supports a single increment-element pair');
  }
}

function addMembers(call: Call, { flags, pairs }: Addition): Outcome {
  const { args, db } = call;
  const key = args[1]!;
  const outcome: Outcome = { added: 0, updated: 0, score: undefined };
  const known = zsetAt(call);
  if (!known && flags.has('XX')) return outcome;
  const set = known ?? new SortedSet();
  for (const { member, score } of pairs) addMember(set, member, score, flags, outcome);
  if (!known && set.size > 0) db.set(key, set);
  if (outcome.added + outcome.updated > 0) db.changed(key, 'z', flags.has('INCR') ? 'zincr' : 'zadd');
  return outcome;
}

function addMember(
  set: SortedSet,
  member: string,
  given: number,
  flags: ReadonlySet<string>,
  outcome: Outcome,
): void {
  const current = set.score(member);
  const score = flags.has('INCR') ? (current ?? 0) + given : given;
  if (Number.isNaN(score)) throw new CommandError('ERR resulting score is not a number (NaN)');
  outcome.score = undefined;
  if (current === undefined ? flags.has('XX') : flags.has('NX')) return;
  if (current !== undefined && flags.has('GT') && score <= current) return;
  if (current !== undefined && flags.has('LT') && score >= current) return;
  outcome.score = score;
  if (current === undefined) outcome.added++;
  else if (current !== score) outcome.updated++;
  set.set(member, score);
}

function zadd(call: Call): Reply {
  const addition = readAddition(call.args);
  const { added, updated, score } = addMembers(call, addition);
  if (addition.flags.has('INCR')) return scoreReply(score);
  return addition.flags.has('CH') ? added + updated : added;
}

function zincrby(call: Call): Reply {
  const pairs = [{ score: float(call.args[2]!), member: call.args[3]! }];
  return scoreReply(addMembers(call, { flags: new Set(['INCR']), pairs }).score);
}

function zrem(call: Call): Reply {
  const { args, db } = call;
  const set = zsetAt(call);
  if (!set) return 0;
  let removed = 0;
  for (const member of args.slice(2)) if (set.delete(member)) removed++;
  if (removed > 0) {
    db.changed(args[1]!, 'z', 'zrem');
    db.dropIfEmpty(args[1]!, set);
  }
  return removed;
}

const removeRange =
  (read: (first: string, last: string) => Range) =>
  (call: Call): Reply => {
    const { args, db } = call;
    const range = read(args[2]!, args[3]!);
    const set = zsetAt(call);
    if (!set) return 0;
    const { start, end } = range(set);
    const doomed = set.ranks.slice(start, end);
    for (const { key } of doomed) set.delete(key);
    if (doomed.length > 0) {
      db.changed(args[1]!, 'z', args[0]!.toLowerCase());
      db.dropIfEmpty(args[1]!, set);
    }
    return doomed.length;
  };

export const zsetWriteCommands: readonly Command[] = [
  { name: 'zadd', arity: -4, flags: 'write denyoom fast', keys: FIRST, run: zadd },
  { name: 'zincrby', arity: 4, flags: 'write denyoom fast', keys: FIRST, run: zincrby },
  { name: 'zrem', arity: -3, flags: 'write fast', keys: FIRST, run: zrem },
  { name: 'zremrangebyrank', arity: 4, flags: 'write', keys: FIRST, run: removeRange(rankRange) },
  { name: 'zremrangebyscore', arity: 4, flags: 'write', keys: FIRST, run: removeRange(scoreRange) },
  { name: 'zremrangebylex', arity: 4, flags: 'write', keys: FIRST, run: removeRange(lexRange) },
];
