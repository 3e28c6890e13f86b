/** CLIENT. */
import type { Client } from '../client.ts';
import { CommandError, mapOf, NO_REPLY, OK, type Reply, setOf, verbatim } from '../protocol/reply.ts';
import { integer, isWord, syntaxError } from './arguments.ts';
import { readKill } from './client-kill.ts';
import { describeClient } from './client-line.ts';
import { checkName } from './client-names.ts';
import type { Call, Command, Container } from './command.ts';

function list({ args, instance }: Call): Reply {
  const chosen = chooseClients(args, [...instance.clients.values()]);
  return verbatim(chosen.map((client) => `${describeClient(client, instance.keyspace.now)}\n`).join(''));
}

function chooseClients(args: readonly string[], all: readonly Client[]): readonly Client[] {
  if (args.length === 2) return all;
  if (args.length === 4 && isWord(args[2], 'TYPE')) {
    const type = readType(args[3]!);
    return all.filter((client) => typeOfClient(client) === type);
  }
  if (args.length > 3 && isWord(args[2], 'ID')) {
    const ids = new Set(args.slice(3).map((text) => integer(text, 'ERR Invalid client ID')));
    return all.filter(({ id }) => ids.has(id));
  }
  throw syntaxError();
}

const TYPES = new Set(['normal', 'master', 'replica', 'pubsub']);

export function readType(text: string): string {
  const type = text.toLowerCase().replace('slave', 'replica');
  if (!TYPES.has(type)) throw new CommandError(`ERR Unknown client type '${text}'`);
  return type;
}

const typeOfClient = (client: Client): string => (client.isSubscriber ? 'pubsub' : 'normal');

function info({ client, instance }: Call): Reply {
  return verbatim(`${describeClient(client, instance.keyspace.now)}\n`);
}

function setName({ args, client }: Call): Reply {
  client.name = checkName(args[2]!, 'Client names');
  return OK;
}

function setInfo({ args, client }: Call): Reply {
  const [, , option, value] = args as [string, string, string, string];
  if (isWord(option, 'LIB-NAME')) client.libraryName = checkName(value, 'lib-name');
  else if (isWord(option, 'LIB-VER')) client.libraryVersion = checkName(value, 'lib-ver');
  else throw new CommandError(`ERR Unrecognized option '${option}'`);
  return OK;
}

function kill(call: Call): Reply {
  const { args, client, instance } = call;
  const { matches, oneOnly } = readKill(args, client, [readType, typeOfClient]);
  const killed = [...instance.clients.values()].filter(matches);
  for (const each of killed) {
    // Who kills itself is told so first.
    if (each === client) each.closing = true;
    else each.kill();
  }
  if (!oneOnly) return killed.length;
  if (killed.length === 0) throw new CommandError('ERR No such client');
  return OK;
}

function unblock({ args, instance }: Call): Reply {
  const how = args[3] === undefined || isWord(args[3], 'TIMEOUT') ? 'timeout' : readUnblockError(args[3]);
  const id = integer(args[2]!);
  const client = instance.clients.get(id);
  return client && instance.waiting.unblock(client, how) ? 1 : 0;
}

function readUnblockError(text: string): 'error' {
  if (isWord(text, 'ERROR')) return 'error';
  throw new CommandError('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
}

function reply({ args, client }: Call): Reply {
  const mode = args[2]!.toUpperCase();
  if (mode === 'ON') {
    client.replyMode = 'on';
    return OK;
  }
  if (mode === 'OFF') client.replyMode = 'off';
  else if (mode === 'SKIP') client.replyMode = client.replyMode === 'off' ? 'off' : 'skip next';
  else throw syntaxError();
  return NO_REPLY;
}

const onOrOff = (text: string): boolean => {
  if (isWord(text, 'ON')) return true;
  if (isWord(text, 'OFF')) return false;
  throw syntaxError();
};

function noEvict({ args, client }: Call): Reply {
  client.noEvict = onOrOff(args[2]!);
  return OK;
}

/** Accepted, and without effect: only OBJECT IDLETIME would show it. */
function noTouch({ args }: Call): Reply {
  onOrOff(args[2]!);
  return OK;
}

function tracking({ args }: Call): Reply {
  if (!onOrOff(args[2]!)) return OK;
  throw new CommandError(
    "ERR Client side caching (CLIENT TRACKING) is not available in Souk's embedded Redis",
  );
}

const trackingInfo = (): Reply =>
  mapOf([
    ['flags', setOf(['off'])],
    ['redirect', -1],
    ['prefixes', []],
  ]);

const own = 'noscript loading stale';
const others = 'admin noscript loading stale';
const subcommand = (name: string, arity: number, flags: string, run: Command['run']): Command => ({
  name,
  arity,
  flags,
  run,
});

export const clientCommand: Container = {
  name: 'client',
  subcommands: [
    subcommand('id', 2, own, ({ client }) => client.id),
    subcommand('info', 2, own, info),
    subcommand('list', -2, others, list),
    subcommand('getname', 2, own, ({ client }) => client.name || null),
    subcommand('setname', 3, own, setName),
    subcommand('setinfo', 4, own, setInfo),
    subcommand('kill', -3, others, kill),
    subcommand('unblock', -3, others, unblock),
    subcommand('reply', 3, own, reply),
    subcommand('no-evict', 3, others, noEvict),
    subcommand('no-touch', 3, own, noTouch),
    subcommand('tracking', -3, own, tracking),
    subcommand('trackinginfo', 2, own, trackingInfo),
    subcommand('getredir', 2, own, () => -1),
  ],
};
