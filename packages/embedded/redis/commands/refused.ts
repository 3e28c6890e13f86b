/** Commands of Redis that are not to be had here, and what each is answered. */
import { CommandError, OK, type Reply } from '../protocol/reply.ts';
import { isWord } from './arguments.ts';
import type { Call, Command } from './command.ts';

const NO_LUA =
  "ERR Lua scripting is not available in Souk's embedded Redis: send the commands in a MULTI instead, or use a " +
  'real Redis';
const NO_CLUSTER = 'ERR This instance has cluster support disabled';
const NO_REPLICATION = "ERR Replication is not available in Souk's embedded Redis";

const notAllowed = (command: string, option: string) =>
  `ERR ${command} command not allowed. If the ${option} option is set to "local", you can run it from a local ` +
  'connection, otherwise you need to set this option in the configuration file, and then restart the server.';

const refuse = (name: string, arity: number, flags: string, message: string): Command => ({
  name,
  arity,
  flags,
  run: () => {
    throw new CommandError(message);
  },
});

function replicaOf({ args }: Call): Reply {
  if (isWord(args[1], 'NO') && isWord(args[2], 'ONE')) return OK;
  throw new CommandError(NO_REPLICATION);
}

const admin = 'admin noscript loading stale';

export const scriptingCommands: readonly Command[] = [
  ...['eval', 'eval_ro', 'evalsha', 'evalsha_ro', 'fcall', 'fcall_ro'].map((name) =>
    refuse(name, -3, 'noscript stale', NO_LUA),
  ),
  refuse('script', -2, 'noscript', NO_LUA),
  refuse('function', -2, 'noscript', NO_LUA),
];

export const refusedCommands: readonly Command[] = [
  refuse('cluster', -2, 'stale', NO_CLUSTER),
  refuse('asking', 1, 'fast', NO_CLUSTER),
  refuse('readonly', 1, 'loading stale fast', NO_CLUSTER),
  refuse('readwrite', 1, 'loading stale fast', NO_CLUSTER),
  refuse('sync', 1, 'admin noscript no_async_loading no_multi', NO_REPLICATION),
  refuse('psync', -3, 'admin noscript no_async_loading no_multi', NO_REPLICATION),
  refuse('replconf', -1, 'admin noscript loading stale allow_busy', NO_REPLICATION),
  { name: 'replicaof', arity: 3, flags: 'admin noscript stale no_async_loading', run: replicaOf },
  { name: 'slaveof', arity: 3, flags: 'admin noscript stale no_async_loading', run: replicaOf },
  refuse('failover', -1, 'admin noscript stale', 'ERR FAILOVER requires connected replicas.'),
  refuse('monitor', 1, admin, "ERR MONITOR is not available in Souk's embedded Redis"),
  refuse('debug', -2, admin, notAllowed('DEBUG', 'enable-debug-command')),
  refuse(
    'shutdown',
    -1,
    'admin noscript loading stale no_multi allow_busy',
    "ERR Souk's embedded Redis is stopped with the process that started it",
  ),
];
