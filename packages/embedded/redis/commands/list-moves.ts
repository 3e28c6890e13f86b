/** Lists as queues: moving from one to another, taking from the first that has something, and waiting for that. */
import { NULL_ARRAY, type Reply } from '../protocol/reply.ts';
import { List } from '../values/value.ts';
import { integerFrom, Options, syntaxError } from './arguments.ts';
import { ALL_BUT_LAST, attemptOrWait, type Call, type Command, FIRST_TWO, record } from './command.ts';
import { afterPop, type End, popMany } from './lists.ts';
import { keysAfterCountOrSyntaxError } from './numbered-keys.ts';
import { readTimeout } from './timeout.ts';

function readEnd(text: string): End {
  const end = text.toUpperCase();
  if (end !== 'LEFT' && end !== 'RIGHT') throw syntaxError();
  return end;
}

interface Move {
  from: string;
  to: string;
  takes: End;
  puts: End;
}

/** Undefined when there is nothing to move. */
function tryMove(call: Call, { from, to, takes, puts }: Move, again: boolean): string | undefined {
  const { db } = call;
  const source = again ? db.getIf(from, 'list') : db.get(from, 'list');
  if (!source) return undefined;
  const known = db.get(to, 'list');
  const [value] = popMany(source, takes, 1) as [string];
  const target = known ?? new List();
  if (!known) db.set(to, target);
  if (puts === 'LEFT') target.pushLeft(value);
  else target.pushRight(value);
  record(call, 'LMOVE', from, to, takes, puts);
  db.changed(to, 'l', puts === 'LEFT' ? 'lpush' : 'rpush');
  afterPop(db, from, source, takes);
  return value;
}

const readMove = ([, from, to, takes, puts]: readonly string[]): Move => ({
  from: from!,
  to: to!,
  takes: readEnd(takes!),
  puts: readEnd(puts!),
});

const tailToHead = ([, from, to]: readonly string[]): Move => ({
  from: from!,
  to: to!,
  takes: 'RIGHT',
  puts: 'LEFT',
});

const moveNow =
  (read: (args: readonly string[]) => Move) =>
  (call: Call): Reply =>
    tryMove(call, read(call.args), false) ?? null;

const moveOrWait =
  (read: (args: readonly string[]) => Move) =>
  (call: Call): Reply => {
    const move = read(call.args);
    return attemptOrWait(call, {
      keys: [move.from],
      timeoutMs: readTimeout(call.args.at(-1)!),
      onTimeout: NULL_ARRAY,
      inTransaction: null,
      attempt: (again) => tryMove(call, move, again),
    });
  };

interface Pop {
  keys: readonly string[];
  end: End;
  count: number;
}

/** Takes from the first of the lists that has something. */
function tryPop(call: Call, { keys, end, count }: Pop, again: boolean): [string, string[]] | undefined {
  const { db } = call;
  for (const key of keys) {
    const list = again ? db.getIf(key, 'list') : db.get(key, 'list');
    if (!list) continue;
    const popped = popMany(list, end, count);
    record(call, end === 'LEFT' ? 'LPOP' : 'RPOP', key, String(popped.length));
    afterPop(db, key, list, end);
    return [key, popped];
  }
  return undefined;
}

const popOrWait =
  (end: End) =>
  (call: Call): Reply => {
    const { args } = call;
    const pop: Pop = { keys: args.slice(1, -1), end, count: 1 };
    return attemptOrWait(call, {
      keys: pop.keys,
      timeoutMs: readTimeout(args.at(-1)!),
      onTimeout: NULL_ARRAY,
      attempt: (again) => tryPop(call, pop, again)?.flat(),
    });
  };

function readPop(args: readonly string[], countAt: number): Pop {
  const { keys, next } = keysAfterCountOrSyntaxError(args, countAt);
  const options = new Options(args, next);
  const end = readEnd(options.value());
  let count: number | undefined;
  while (!options.done) {
    if (options.word() !== 'COUNT' || count !== undefined) throw syntaxError();
    count = integerFrom(options.value(), 1, 'ERR count should be greater than 0');
  }
  return { keys, end, count: count ?? 1 };
}

const lmpop = (call: Call): Reply => tryPop(call, readPop(call.args, 1), false) ?? NULL_ARRAY;

function blmpop(call: Call): Reply {
  const timeoutMs = readTimeout(call.args[1]!);
  const pop = readPop(call.args, 2);
  const { keys } = pop;
  return attemptOrWait(call, {
    keys,
    timeoutMs,
    onTimeout: NULL_ARRAY,
    attempt: (again) => tryPop(call, pop, again),
  });
}

const waits = 'write denyoom noscript blocking';

export const listMoveCommands: readonly Command[] = [
  { name: 'lmove', arity: 5, flags: 'write denyoom', keys: FIRST_TWO, run: moveNow(readMove) },
  { name: 'rpoplpush', arity: 3, flags: 'write denyoom', keys: FIRST_TWO, run: moveNow(tailToHead) },
  { name: 'blmove', arity: 6, flags: waits, keys: FIRST_TWO, run: moveOrWait(readMove) },
  { name: 'brpoplpush', arity: 4, flags: waits, keys: FIRST_TWO, run: moveOrWait(tailToHead) },
  { name: 'blpop', arity: -3, flags: 'write noscript blocking', keys: ALL_BUT_LAST, run: popOrWait('LEFT') },
  { name: 'brpop', arity: -3, flags: 'write noscript blocking', keys: ALL_BUT_LAST, run: popOrWait('RIGHT') },
  {
    name: 'lmpop',
    arity: -4,
    flags: 'write movablekeys',
    findKeys: (args) => keysAfterCountOrSyntaxError(args, 1).keys,
    run: lmpop,
  },
  {
    name: 'blmpop',
    arity: -5,
    flags: 'write blocking movablekeys',
    findKeys: (args) => keysAfterCountOrSyntaxError(args, 2).keys,
    run: blmpop,
  },
];
