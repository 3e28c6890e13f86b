/** The 16 databases as wholes. */
import type { Instance } from '../instance.ts';
import type { Database } from '../keyspace/database.ts';
import { CommandError, OK, type Reply } from '../protocol/reply.ts';
import { integer, isWord, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST } from './command.ts';

export function databaseAt({ keyspace }: Instance, index: number): Database {
  const database = keyspace.databases[index];
  if (!database) throw new CommandError('ERR DB index is out of range');
  return database;
}

function select({ args, client, instance }: Call): Reply {
  client.database = databaseAt(instance, integer(args[1]!)).index;
  return OK;
}

function flushDb(call: Call): Reply {
  checkFlushOption(call.args);
  flush(call, [call.db]);
  return OK;
}

function flushAll(call: Call): Reply {
  checkFlushOption(call.args);
  flush(call, call.instance.keyspace.databases);
  return OK;
}

function checkFlushOption(args: readonly string[]): void {
  if (args.length > 2) throw syntaxError();
  if (args.length === 2 && !isWord(args[1], 'SYNC') && !isWord(args[1], 'ASYNC')) throw syntaxError();
}

function flush({ instance }: Call, databases: readonly Database[]): void {
  for (const database of databases) {
    const touched = keysOfInterest(instance, database).filter((key) => database.peek(key));
    const { listener } = instance.keyspace;
    database.clear();
    for (const key of touched) listener.touched(database.index, key);
  }
  instance.keyspace.changes++;
}

/** The keys that some connection watches or waits for. */
function keysOfInterest({ watches, waiting }: Instance, { index }: Database): string[] {
  return [...watches.keysIn(index), ...waiting.keysIn(index)];
}

function swapDb({ args, instance }: Call): Reply {
  const first = databaseAt(instance, integer(args[1]!, 'ERR invalid first DB index'));
  const second = databaseAt(instance, integer(args[2]!, 'ERR invalid second DB index'));
  const touched = [first, second].flatMap((database) =>
    keysOfInterest(instance, database)
      .filter((key) => first.peek(key) || second.peek(key))
      .map((key) => ({ index: database.index, key })),
  );
  instance.keyspace.swap(first, second);
  for (const { index, key } of touched) instance.keyspace.listener.touched(index, key);
  return OK;
}

function move({ args, db, instance }: Call): Reply {
  const key = args[1]!;
  const target = databaseAt(instance, integer(args[2]!, 'ERR value is not an integer or out of range'));
  if (target === db) throw new CommandError('ERR source and destination objects are the same');
  const entry = db.entry(key);
  if (!entry || target.has(key)) return 0;
  const { value, expireAt } = entry;
  db.delete(key);
  target.set(key, value);
  if (expireAt !== Infinity) target.setExpiry(key, expireAt);
  db.changed(key, 'g', 'move_from');
  target.changed(key, 'g', 'move_to');
  return 1;
}

export const databaseCommands: readonly Command[] = [
  { name: 'dbsize', arity: 1, flags: 'readonly fast', run: ({ db }) => db.size },
  { name: 'flushdb', arity: -1, flags: 'write', run: flushDb },
  { name: 'flushall', arity: -1, flags: 'write', run: flushAll },
  { name: 'swapdb', arity: 3, flags: 'write fast', run: swapDb },
  { name: 'move', arity: 3, flags: 'write fast', keys: FIRST, run: move },
];

export const selectCommand: Command = { name: 'select', arity: 2, flags: 'loading stale fast', run: select };
