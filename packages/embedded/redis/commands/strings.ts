import { CommandError, OK, type Reply } from '../protocol/reply.ts';
import { MAX_BULK_BYTES } from '../protocol/request-reader.ts';
import { integer } from './arguments.ts';
import { ALL, type Call, type Command, FIRST } from './command.ts';

const TOO_LONG = 'ERR string exceeds maximum allowed size (proto-max-bulk-len)';

function get({ args, db }: Call): Reply {
  return db.get(args[1]!, 'string') ?? null;
}

function getDel({ args, db }: Call): Reply {
  const key = args[1]!;
  const value = db.get(key, 'string');
  if (value === undefined) return null;
  db.delete(key);
  db.changed(key, 'g', 'del');
  return value;
}

function getSet({ args, db }: Call): Reply {
  const [, key, value] = args as [string, string, string];
  const old = db.get(key, 'string');
  db.set(key, value);
  db.changed(key, '$', 'set');
  return old ?? null;
}

function setNx({ args, db }: Call): Reply {
  const [, key, value] = args as [string, string, string];
  if (db.has(key)) return 0;
  db.set(key, value);
  db.changed(key, '$', 'set');
  return 1;
}

/** A key that holds something else counts as one that holds nothing. */
function mget({ args, db }: Call): Reply {
  return args.slice(1).map((key) => {
    const value = db.entry(key)?.value;
    return typeof value === 'string' ? value : null;
  });
}

function mset(call: Call): Reply {
  setMany(call);
  return OK;
}

function msetNx(call: Call): Reply {
  const { args, db } = call;
  checkPairs(args);
  for (let at = 1; at < args.length; at += 2) if (db.has(args[at]!)) return 0;
  setMany(call);
  return 1;
}

function setMany({ args, db }: Call): void {
  checkPairs(args);
  for (let at = 1; at < args.length; at += 2) {
    db.set(args[at]!, args[at + 1]!);
    db.changed(args[at]!, '$', 'set');
  }
}

function checkPairs(args: readonly string[]): void {
  if (args.length % 2 === 0) {
    throw new CommandError(`ERR wrong number of arguments for '${args[0]!.toLowerCase()}' command`);
  }
}

function append({ args, db }: Call): Reply {
  const [, key, suffix] = args as [string, string, string];
  const old = db.get(key, 'string') ?? '';
  if (old.length + suffix.length > MAX_BULK_BYTES) throw new CommandError(TOO_LONG);
  db.replace(key, old + suffix);
  db.changed(key, '$', 'append');
  return old.length + suffix.length;
}

function strlen({ args, db }: Call): Reply {
  return db.get(args[1]!, 'string')?.length ?? 0;
}

function getRange({ args, db }: Call): Reply {
  const start = integer(args[2]!);
  const end = integer(args[3]!);
  const value = db.get(args[1]!, 'string') ?? '';
  if (start < 0 && end < 0 && start > end) return '';
  const from = Math.max(0, start < 0 ? value.length + start : start);
  const to = Math.max(0, end < 0 ? value.length + end : end);
  return value.slice(from, to + 1);
}

function setRange({ args, db }: Call): Reply {
  const key = args[1]!;
  const offset = integer(args[2]!);
  const patch = args[3]!;
  if (offset < 0) throw new CommandError('ERR offset is out of range');
  const old = db.get(key, 'string') ?? '';
  if (patch === '') return old.length;
  if (offset + patch.length > MAX_BULK_BYTES) throw new CommandError(TOO_LONG);
  const value = old.slice(0, offset).padEnd(offset, '\0') + patch + old.slice(offset + patch.length);
  db.replace(key, value);
  db.changed(key, '$', 'setrange');
  return value.length;
}

export const stringCommands: readonly Command[] = [
  { name: 'get', arity: 2, flags: 'readonly fast', keys: FIRST, run: get },
  { name: 'getdel', arity: 2, flags: 'write fast', keys: FIRST, run: getDel },
  { name: 'getset', arity: 3, flags: 'write denyoom fast', keys: FIRST, run: getSet },
  { name: 'setnx', arity: 3, flags: 'write denyoom fast', keys: FIRST, run: setNx },
  { name: 'mget', arity: -2, flags: 'readonly fast', keys: ALL, run: mget },
  { name: 'mset', arity: -3, flags: 'write denyoom', keys: [1, -1, 2], run: mset },
  { name: 'msetnx', arity: -3, flags: 'write denyoom', keys: [1, -1, 2], run: msetNx },
  { name: 'append', arity: 3, flags: 'write denyoom fast', keys: FIRST, run: append },
  { name: 'strlen', arity: 2, flags: 'readonly fast', keys: FIRST, run: strlen },
  { name: 'getrange', arity: 4, flags: 'readonly', keys: FIRST, run: getRange },
  { name: 'substr', arity: 4, flags: 'readonly', keys: FIRST, run: getRange },
  { name: 'setrange', arity: 4, flags: 'write denyoom', keys: FIRST, run: setRange },
];
