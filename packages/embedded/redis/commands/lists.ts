import { CommandError, NULL_ARRAY, OK, type Reply } from '../protocol/reply.ts';
import { List } from '../values/value.ts';
import { integer, integerFrom, isWord, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST } from './command.ts';
import { positions } from './list-positions.ts';

export type End = 'LEFT' | 'RIGHT';

function listAt({ args, db }: Call): List | undefined {
  return db.get(args[1]!, 'list');
}

const pushTo =
  (end: End, onlyIfThere = false) =>
  (call: Call): Reply => {
    const { args, db } = call;
    const key = args[1]!;
    const known = listAt(call);
    if (!known && onlyIfThere) return 0;
    const list = known ?? new List();
    if (!known) db.set(key, list);
    for (let at = 2; at < args.length; at++) {
      if (end === 'LEFT') list.pushLeft(args[at]!);
      else list.pushRight(args[at]!);
    }
    db.changed(key, 'l', end === 'LEFT' ? 'lpush' : 'rpush');
    return list.length;
  };

const popFrom =
  (end: End) =>
  (call: Call): Reply => {
    const { args, db } = call;
    if (args.length > 3) {
      throw new CommandError(`ERR wrong number of arguments for '${args[0]!.toLowerCase()}' command`);
    }
    const count = args.length === 3 ? integerFrom(args[2]!, 0) : undefined;
    const list = listAt(call);
    if (!list) return count === undefined ? null : NULL_ARRAY;
    if (count === 0) return [];
    const popped = popMany(list, end, count ?? 1);
    afterPop(db, args[1]!, list, end);
    return count === undefined ? popped[0]! : popped;
  };

export function popMany(list: List, end: End, count: number): string[] {
  const popped: string[] = [];
  while (popped.length < count && list.length > 0) {
    popped.push((end === 'LEFT' ? list.popLeft() : list.popRight())!);
  }
  return popped;
}

export function afterPop(db: Call['db'], key: string, list: List, end: End): void {
  db.changed(key, 'l', end === 'LEFT' ? 'lpop' : 'rpop');
  db.dropIfEmpty(key, list);
}

/** Positions count from the end when negative; cut to what there is. */
function bounds(start: number, end: number, length: number): [from: number, to: number] {
  const from = Math.max(0, start < 0 ? length + start : start);
  const to = Math.min(length, (end < 0 ? length + end : end) + 1);
  return from >= to ? [0, 0] : [from, to];
}

function lrange(call: Call): Reply {
  const start = integer(call.args[2]!);
  const end = integer(call.args[3]!);
  const list = listAt(call);
  return list ? list.slice(...bounds(start, end, list.length)) : [];
}

function ltrim(call: Call): Reply {
  const { args, db } = call;
  const start = integer(args[2]!);
  const end = integer(args[3]!);
  const list = listAt(call);
  if (!list) return OK;
  const [from, to] = bounds(start, end, list.length);
  const fromRight = list.length - to;
  if (to === 0) list.replaceAll([]);
  for (let left = from; left > 0 && to > 0; left--) list.popLeft();
  for (let left = fromRight; left > 0 && to > 0; left--) list.popRight();
  db.changed(args[1]!, 'l', 'ltrim');
  db.dropIfEmpty(args[1]!, list);
  return OK;
}

const place = (index: number, list: List) => (index < 0 ? list.length + index : index);

function lindex(call: Call): Reply {
  const list = listAt(call);
  return list?.at(place(integer(call.args[2]!), list)) ?? null;
}

function lset(call: Call): Reply {
  const { args, db } = call;
  const list = listAt(call);
  if (!list) throw new CommandError('ERR no such key');
  const index = place(integer(args[2]!), list);
  if (index < 0 || index >= list.length) throw new CommandError('ERR index out of range');
  list.set(index, args[3]!);
  db.changed(args[1]!, 'l', 'lset');
  return OK;
}

function lrem(call: Call): Reply {
  const { args, db } = call;
  const count = integer(args[2]!);
  const list = listAt(call);
  if (!list) return 0;
  const values = list.slice(0, list.length);
  const wanted = positions(values, args[3]!, { backwards: count < 0, limit: Math.abs(count) || Infinity });
  if (wanted.length === 0) return 0;
  const removed = new Set(wanted);
  list.replaceAll(values.filter((_, index) => !removed.has(index)));
  db.changed(args[1]!, 'l', 'lrem');
  db.dropIfEmpty(args[1]!, list);
  return removed.size;
}

function linsert(call: Call): Reply {
  const { args, db } = call;
  const [, key, where, pivot, value] = args as [string, string, string, string, string];
  if (!isWord(where, 'BEFORE') && !isWord(where, 'AFTER')) throw syntaxError();
  const list = listAt(call);
  if (!list) return 0;
  const values = list.slice(0, list.length);
  const found = values.indexOf(pivot);
  if (found < 0) return -1;
  values.splice(isWord(where, 'BEFORE') ? found : found + 1, 0, value);
  list.replaceAll(values);
  db.changed(key, 'l', 'linsert');
  return list.length;
}

const changing = 'write denyoom fast';

export const listCommands: readonly Command[] = [
  { name: 'lpush', arity: -3, flags: changing, keys: FIRST, run: pushTo('LEFT') },
  { name: 'rpush', arity: -3, flags: changing, keys: FIRST, run: pushTo('RIGHT') },
  { name: 'lpushx', arity: -3, flags: changing, keys: FIRST, run: pushTo('LEFT', true) },
  { name: 'rpushx', arity: -3, flags: changing, keys: FIRST, run: pushTo('RIGHT', true) },
  { name: 'lpop', arity: -2, flags: 'write fast', keys: FIRST, run: popFrom('LEFT') },
  { name: 'rpop', arity: -2, flags: 'write fast', keys: FIRST, run: popFrom('RIGHT') },
  { name: 'llen', arity: 2, flags: 'readonly fast', keys: FIRST, run: (call) => listAt(call)?.length ?? 0 },
  { name: 'lrange', arity: 4, flags: 'readonly', keys: FIRST, run: lrange },
  { name: 'ltrim', arity: 4, flags: 'write', keys: FIRST, run: ltrim },
  { name: 'lindex', arity: 3, flags: 'readonly', keys: FIRST, run: lindex },
  { name: 'lset', arity: 4, flags: 'write denyoom', keys: FIRST, run: lset },
  { name: 'lrem', arity: 4, flags: 'write', keys: FIRST, run: lrem },
  { name: 'linsert', arity: 5, flags: 'write denyoom', keys: FIRST, run: linsert },
];
