/** MULTI, EXEC, DISCARD, WATCH, UNWATCH. */
import { CommandError, error, NULL_ARRAY, OK, type Reply } from '../protocol/reply.ts';
import { ALL, type Call, type Command } from './command.ts';

function multi({ client }: Call): Reply {
  if (client.transaction) throw new CommandError('ERR MULTI calls can not be nested');
  client.transaction = { queued: [], broken: false, queuedBytes: 0 };
  return OK;
}

function discard(call: Call): Reply {
  if (!call.client.transaction) throw new CommandError('ERR DISCARD without MULTI');
  endTransaction(call);
  return OK;
}

/** What was watched is watched no more, whatever becomes of the transaction. */
export function endTransaction({ client, instance }: Call): void {
  client.transaction = undefined;
  instance.watches.unwatchAll(client);
}

function exec(call: Call): Reply {
  const { client } = call;
  const { transaction } = client;
  if (!transaction) throw new CommandError('ERR EXEC without MULTI');
  lookAtWatchedKeys(call);
  const { watchBroken } = client;
  endTransaction(call);
  if (transaction.broken) {
    return error('EXECABORT Transaction discarded because of previous errors.');
  }
  if (watchBroken) return NULL_ARRAY;
  client.executing = true;
  call.recorded = true; // each command records itself
  try {
    return transaction.queued.map((args) => call.execute(args));
  } finally {
    client.executing = false;
  }
}

/** A watched key whose time has come is gone, even if no one has looked at it since. */
function lookAtWatchedKeys({ client, instance }: Call): void {
  for (const { database, key } of client.watched) instance.keyspace.databases[database]!.peek(key);
}

function watch({ args, client, db, instance }: Call): Reply {
  if (client.transaction) throw new CommandError('ERR WATCH inside MULTI is not allowed');
  for (const key of args.slice(1)) {
    db.peek(key); // one that has expired counts as absent from now on
    instance.watches.watch(client, db.index, key);
  }
  return OK;
}

function unwatch({ client, instance }: Call): Reply {
  instance.watches.unwatchAll(client);
  return OK;
}

const flags = 'noscript loading stale fast allow_busy';

export const transactionCommands: readonly Command[] = [
  { name: 'multi', arity: 1, flags, run: multi },
  { name: 'discard', arity: 1, flags, run: discard },
  { name: 'exec', arity: 1, flags: 'noscript loading stale skip_slowlog', run: exec },
  { name: 'watch', arity: -2, flags, keys: ALL, run: watch },
  { name: 'unwatch', arity: 1, flags, run: unwatch },
];
