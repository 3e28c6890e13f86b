/** Commands for keys, whatever they hold. */
import { matchesGlob } from '../keyspace/glob.ts';
import { CommandError, error, OK, type Reply, status } from '../protocol/reply.ts';
import { encodingOf } from '../values/encoding.ts';
import { copyValue, typeOf } from '../values/value.ts';
import { integer, Options, syntaxError } from './arguments.ts';
import { ALL, type Call, type Command, type Container, FIRST, FIRST_TWO, SECOND } from './command.ts';
import { databaseAt } from './databases.ts';
import { readScanOptions, scanReply } from './scan.ts';

function del({ args, db }: Call): Reply {
  let deleted = 0;
  for (const key of args.slice(1)) {
    if (!db.peek(key)) continue;
    db.delete(key);
    db.changed(key, 'g', 'del');
    deleted++;
  }
  return deleted;
}

const exists = ({ args, db }: Call): Reply => args.slice(1).filter((key) => db.has(key)).length;

function type({ args, db }: Call): Reply {
  const entry = db.peek(args[1]!);
  return status(entry ? typeOf(entry.value) : 'none');
}

const NO_SUCH_KEY = 'ERR no such key';

function rename(call: Call): Reply {
  move(call);
  return OK;
}

function renameNx(call: Call): Reply {
  const { args, db } = call;
  if (!db.has(args[1]!)) throw new CommandError(NO_SUCH_KEY);
  if (db.has(args[2]!)) return 0;
  move(call);
  return 1;
}

function move({ args, db }: Call): void {
  const [, from, to] = args as [string, string, string];
  const entry = db.entry(from);
  if (!entry) throw new CommandError(NO_SUCH_KEY);
  if (from === to) return;
  const { value, expireAt } = entry;
  db.delete(from);
  db.set(to, value);
  if (expireAt !== Infinity) db.setExpiry(to, expireAt);
  db.changed(from, 'g', 'rename_from');
  db.changed(to, 'g', 'rename_to');
}

function copy(call: Call): Reply {
  const { args, db } = call;
  const [, from, to] = args as [string, string, string];
  const { target, replace } = readCopyOptions(call);
  if (target === db && from === to) {
    throw new CommandError('ERR source and destination objects are the same');
  }
  const entry = db.entry(from);
  if (!entry) return 0;
  if (target.has(to) && !replace) return 0;
  target.set(to, copyValue(entry.value));
  if (entry.expireAt !== Infinity) target.setExpiry(to, entry.expireAt);
  target.changed(to, 'g', 'copy_to');
  return 1;
}

function readCopyOptions({ args, db, instance }: Call) {
  const options = new Options(args, 3);
  let target = db;
  let replace = false;
  while (!options.done) {
    const word = options.word();
    if (word === 'REPLACE') replace = true;
    else if (word === 'DB') target = databaseAt(instance, integer(options.value()));
    else throw syntaxError();
  }
  return { target, replace };
}

function keys({ args, db }: Call): Reply {
  return db.keys().filter((key) => matchesGlob(args[1]!, key));
}

function scan({ args, db }: Call): Reply {
  const options = readScanOptions(args, 1);
  const { cursor, elements } = db.scan(options.cursor, options.count);
  const found = elements.filter(
    ({ key, value }) => options.matches(key) && (!options.type || typeOf(value) === options.type),
  );
  return scanReply(
    String(cursor),
    found.map(({ key }) => key),
  );
}

function entryOf({ args, db }: Call) {
  return db.peek(args[2]!);
}

function idleTime(call: Call): Reply {
  const entry = entryOf(call);
  return entry ? Math.max(0, Math.floor((call.db.now - entry.usedAt) / 1000)) : null;
}

function encoding(call: Call): Reply {
  const entry = entryOf(call);
  return entry ? encodingOf(entry.value) : null;
}

function frequency(call: Call): Reply {
  if (!entryOf(call)) return null;
  return error(
    'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching ' +
      'between policies at runtime LRU and LFU data will take some time to adjust.',
  );
}

export const keyCommands: readonly Command[] = [
  { name: 'del', arity: -2, flags: 'write', keys: ALL, run: del },
  { name: 'unlink', arity: -2, flags: 'write fast', keys: ALL, run: del },
  { name: 'exists', arity: -2, flags: 'readonly fast', keys: ALL, run: exists },
  { name: 'touch', arity: -2, flags: 'readonly fast', keys: ALL, run: exists },
  { name: 'type', arity: 2, flags: 'readonly fast', keys: FIRST, run: type },
  { name: 'rename', arity: 3, flags: 'write', keys: FIRST_TWO, run: rename },
  { name: 'renamenx', arity: 3, flags: 'write fast', keys: FIRST_TWO, run: renameNx },
  { name: 'copy', arity: -3, flags: 'write denyoom', keys: FIRST_TWO, run: copy },
  { name: 'keys', arity: 2, flags: 'readonly', run: keys },
  { name: 'scan', arity: -2, flags: 'readonly', run: scan },
  { name: 'randomkey', arity: 1, flags: 'readonly', run: ({ db }) => db.randomKey() ?? null },
];

export const objectCommand: Container = {
  name: 'object',
  subcommands: [
    { name: 'encoding', arity: 3, flags: 'readonly', keys: SECOND, run: encoding },
    { name: 'freq', arity: 3, flags: 'readonly', keys: SECOND, run: frequency },
    { name: 'idletime', arity: 3, flags: 'readonly', keys: SECOND, run: idleTime },
    {
      name: 'refcount',
      arity: 3,
      flags: 'readonly',
      keys: SECOND,
      run: (call) => (entryOf(call) ? 1 : null),
    },
  ],
};
