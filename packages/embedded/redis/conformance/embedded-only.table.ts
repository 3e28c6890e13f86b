import { error, ok, type Sequence, sequence } from './sequence.ts';

const noLua = error(
  "ERR Lua scripting is not available in Souk's embedded Redis: send the commands in a MULTI instead, or use a real Redis",
);
const noReplication = error("ERR Replication is not available in Souk's embedded Redis");
const logOnly = error(
  "ERR Souk's embedded Redis writes every change to its log, and rewrites that by itself when it has grown",
);

/** What this server refuses and Redis does not, or says otherwise. */
export const embeddedOnlyTable: readonly Sequence[] = [
  sequence('Lua', [
    ['EVAL "return 1" 0', noLua],
    ['EVALSHA abc 0', noLua],
    ['EVAL_RO "return 1" 0', noLua],
    ['FCALL f 0', noLua],
    ['SCRIPT LOAD "return 1"', noLua],
    ['FUNCTION LIST', noLua],
    ['EVAL x', error("ERR wrong number of arguments for 'eval' command")],
  ]),
  sequence('replication, monitoring, stopping', [
    ['REPLICAOF 127.0.0.1 6379', noReplication],
    ['PSYNC ? -1', noReplication],
    ['SYNC', noReplication],
    ['REPLCONF listening-port 1', noReplication],
    ['MONITOR', error("ERR MONITOR is not available in Souk's embedded Redis")],
    ['SHUTDOWN NOSAVE', error("ERR Souk's embedded Redis is stopped with the process that started it")],
  ]),
  sequence('saving', [
    ['SAVE', ok],
    ['BGSAVE', logOnly],
    ['BGREWRITEAOF', logOnly],
  ]),
  sequence('client side caching', [
    [
      'CLIENT TRACKING on',
      error("ERR Client side caching (CLIENT TRACKING) is not available in Souk's embedded Redis"),
    ],
  ]),
  sequence('commands of Redis that are left out are unknown', [
    ['PFADD h a', error("ERR unknown command 'PFADD', with args beginning with: 'h' 'a' ")],
    ['GEOADD g 1 2 m', error("ERR unknown command 'GEOADD', with args beginning with: 'g' '1' '2' 'm' ")],
    ['DUMP k', error("ERR unknown command 'DUMP', with args beginning with: 'k' ")],
    ['CLIENT PAUSE 100', error("ERR unknown subcommand 'PAUSE'. Try CLIENT HELP.")],
  ]),
  sequence('limits', [
    ['SETRANGE k 67108864 x', error('ERR string exceeds maximum allowed size (proto-max-bulk-len)')],
    ['SETBIT k 536870912 1', error('ERR bit offset is not an integer or out of range')],
    ['SADD s a', 1],
    ['SRANDMEMBER s -1000001', error('ERR value is out of range')],
    ['SET k v', ok],
    ['PEXPIREAT k 9007199254740992', error("ERR invalid expire time in 'pexpireat' command")],
    ['COMMAND DOCS get', ['get', ['group', 'string']]],
    [
      'CONFIG SET maxmemory 1',
      error("ERR CONFIG SET failed (possibly related to argument 'maxmemory') - can't set immutable config"),
    ],
  ]),
];
