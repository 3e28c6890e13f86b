/** What a sorted set tells without being changed. */

import { formatDouble } from '../numbers/double.ts';
import { double, NULL_ARRAY, type Reply } from '../protocol/reply.ts';
import { isSmall } from '../values/encoding.ts';
import type { SortedSet } from '../values/sorted-set.ts';
import { isWord, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST } from './command.ts';
import { pick, readPickCount } from './random-elements.ts';
import { readScanOptions, scanElements, scanReply } from './scan.ts';
import { membersWithScores } from './zset-range-commands.ts';
import { countIn, lexRange, type Range, scoreRange } from './zset-ranges.ts';

export function zsetAt({ args, db }: Call): SortedSet | undefined {
  return db.get(args[1]!, 'zset');
}

export const scoreReply = (score: number | undefined): Reply => (score === undefined ? null : double(score));

const zscore = (call: Call): Reply => scoreReply(zsetAt(call)?.score(call.args[2]!));

function zmscore(call: Call): Reply {
  const set = zsetAt(call);
  return call.args.slice(2).map((member) => scoreReply(set?.score(member)));
}

const rankBy =
  (reverse: boolean) =>
  (call: Call): Reply => {
    const { args } = call;
    if (args.length > 4 || (args.length === 4 && !isWord(args[3], 'WITHSCORE'))) throw syntaxError();
    const withScore = args.length === 4;
    const set = zsetAt(call);
    const rank = set?.rank(args[2]!);
    if (set === undefined || rank === undefined) return withScore ? NULL_ARRAY : null;
    const place = reverse ? set.size - 1 - rank : rank;
    return withScore ? [place, scoreReply(set.score(args[2]!))] : place;
  };

const countBy =
  (read: (min: string, max: string) => Range) =>
  (call: Call): Reply => {
    const range = read(call.args[2]!, call.args[3]!);
    return countIn(zsetAt(call), range);
  };

function zrandMember(call: Call): Reply {
  const { args } = call;
  if (args.length > 4 || (args.length === 4 && !isWord(args[3], 'WITHSCORES'))) throw syntaxError();
  if (args.length === 2) return zsetAt(call)?.members.random().key ?? null;
  const count = readPickCount(args[2]!);
  const set = zsetAt(call);
  const members = set ? pick(set.members, count) : [];
  return args.length === 4 ? membersWithScores(members) : members.map(({ key }) => key);
}

function zscan(call: Call): Reply {
  const options = readScanOptions(call.args, 2);
  const set = zsetAt(call);
  const { cursor, found } = scanElements(set?.members, set !== undefined && isSmall(set), options);
  return scanReply(
    cursor,
    found.flatMap(({ key, score }) => [key, formatDouble(score)]),
  );
}

export const zsetReadCommands: readonly Command[] = [
  { name: 'zcard', arity: 2, flags: 'readonly fast', keys: FIRST, run: (call) => zsetAt(call)?.size ?? 0 },
  { name: 'zscore', arity: 3, flags: 'readonly fast', keys: FIRST, run: zscore },
  { name: 'zmscore', arity: -3, flags: 'readonly fast', keys: FIRST, run: zmscore },
  { name: 'zrank', arity: -3, flags: 'readonly fast', keys: FIRST, run: rankBy(false) },
  { name: 'zrevrank', arity: -3, flags: 'readonly fast', keys: FIRST, run: rankBy(true) },
  { name: 'zcount', arity: 4, flags: 'readonly fast', keys: FIRST, run: countBy(scoreRange) },
  { name: 'zlexcount', arity: 4, flags: 'readonly fast', keys: FIRST, run: countBy(lexRange) },
  { name: 'zrandmember', arity: -2, flags: 'readonly', keys: FIRST, run: zrandMember },
  { name: 'zscan', arity: -3, flags: 'readonly', keys: FIRST, run: zscan },
];
