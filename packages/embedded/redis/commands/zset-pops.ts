/** Taking the lowest or highest members out of sorted sets, and waiting until there are some. */
import { double, NULL_ARRAY, pairs, type Reply } from '../protocol/reply.ts';
import type { ScoredMember } from '../values/sorted-set.ts';
import { integerFrom, Options, syntaxError } from './arguments.ts';
import { ALL_BUT_LAST, attemptOrWait, type Call, type Command, FIRST, record } from './command.ts';
import { keysAfterCountOrSyntaxError } from './numbered-keys.ts';
import { readTimeout } from './timeout.ts';

type Side = 'MIN' | 'MAX';

interface Pop {
  keys: readonly string[];
  side: Side;
  count: number;
}

interface Popped {
  key: string;
  members: readonly ScoredMember[];
}

/** Takes from the first of the sorted sets that has something. */
function tryPop(call: Call, { keys, side, count }: Pop, again: boolean): Popped | undefined {
  const { db } = call;
  for (const key of keys) {
    const set = again ? db.getIf(key, 'zset') : db.get(key, 'zset');
    if (!set) continue;
    const members =
      side === 'MIN' ? set.ranks.slice(0, count) : set.ranks.slice(Math.max(0, set.size - count)).reverse();
    for (const member of members) set.delete(member.key);
    if (members.length > 0) {
      record(call, 'ZREM', key, ...members.map((member) => member.key));
      db.changed(key, 'z', side === 'MIN' ? 'zpopmin' : 'zpopmax');
      db.dropIfEmpty(key, set);
    }
    return { key, members };
  }
  return undefined;
}

const popOne =
  (side: Side) =>
  (call: Call): Reply => {
    const { args } = call;
    if (args.length > 3) throw syntaxError();
    const count = args.length === 3 ? integerFrom(args[2]!, 0) : undefined;
    const members = tryPop(call, { keys: [args[1]!], side, count: count ?? 1 }, false)?.members ?? [];
    const scored = members.map(({ key, score }) => [key, double(score)] as const);
    return count === undefined ? scored.flat() : pairs(scored);
  };

const popOrWait =
  (side: Side) =>
  (call: Call): Reply => {
    const { args } = call;
    const pop: Pop = { keys: args.slice(1, -1), side, count: 1 };
    return attemptOrWait(call, {
      keys: pop.keys,
      timeoutMs: readTimeout(args.at(-1)!),
      onTimeout: NULL_ARRAY,
      attempt: (again) => {
        const popped = tryPop(call, pop, again);
        const member = popped?.members[0];
        return popped && member && [popped.key, member.key, double(member.score)];
      },
    });
  };

function readPop(args: readonly string[], countAt: number): Pop {
  const { keys, next } = keysAfterCountOrSyntaxError(args, countAt);
  const options = new Options(args, next);
  const side = options.word();
  if (side !== 'MIN' && side !== 'MAX') throw syntaxError();
  let count: number | undefined;
  while (!options.done) {
    if (options.word() !== 'COUNT' || count !== undefined) throw syntaxError();
    count = integerFrom(options.value(), 1, 'ERR count should be greater than 0');
  }
  return { keys, side, count: count ?? 1 };
}

function tellPopped(popped: Popped | undefined): Reply | undefined {
  return popped && [popped.key, popped.members.map(({ key, score }) => [key, double(score)])];
}

const zmpop = (call: Call): Reply => tellPopped(tryPop(call, readPop(call.args, 1), false)) ?? NULL_ARRAY;

function bzmpop(call: Call): Reply {
  const timeoutMs = readTimeout(call.args[1]!);
  const pop = readPop(call.args, 2);
  return attemptOrWait(call, {
    keys: pop.keys,
    timeoutMs,
    onTimeout: NULL_ARRAY,
    attempt: (again) => tellPopped(tryPop(call, pop, again)),
  });
}

const waits = 'write noscript blocking fast';

export const zsetPopCommands: readonly Command[] = [
  { name: 'zpopmin', arity: -2, flags: 'write fast', keys: FIRST, run: popOne('MIN') },
  { name: 'zpopmax', arity: -2, flags: 'write fast', keys: FIRST, run: popOne('MAX') },
  { name: 'bzpopmin', arity: -3, flags: waits, keys: ALL_BUT_LAST, run: popOrWait('MIN') },
  { name: 'bzpopmax', arity: -3, flags: waits, keys: ALL_BUT_LAST, run: popOrWait('MAX') },
  {
    name: 'zmpop',
    arity: -4,
    flags: 'write movablekeys',
    findKeys: (args) => keysAfterCountOrSyntaxError(args, 1).keys,
    run: zmpop,
  },
  {
    name: 'bzmpop',
    arity: -5,
    flags: 'write blocking movablekeys',
    findKeys: (args) => keysAfterCountOrSyntaxError(args, 2).keys,
    run: bzmpop,
  },
];
