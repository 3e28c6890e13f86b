/** What a connection says about itself. */
import { CommandError, mapOf, OK, type Reply, status } from '../protocol/reply.ts';
import { REDIS_VERSION } from '../version.ts';
import { Options } from './arguments.ts';
import { checkName } from './client-names.ts';
import type { Call, Command } from './command.ts';
import { selectCommand } from './databases.ts';
import { endTransaction } from './transactions.ts';

function ping({ args, client }: Call): Reply {
  if (args.length > 2) throw new CommandError("ERR wrong number of arguments for 'ping' command");
  if (client.protocol === 2 && client.isSubscriber) return ['pong', args[1] ?? ''];
  return args[1] ?? status('PONG');
}

function quit({ client }: Call): Reply {
  client.closing = true;
  return OK;
}

/** Makes the connection as it was when it was new. */
function reset(call: Call): Reply {
  const { client, instance } = call;
  endTransaction(call);
  instance.pubsub.unsubscribeAll(client);
  client.database = 0;
  client.protocol = 2;
  client.name = '';
  client.replyMode = 'on';
  client.noEvict = false;
  return status('RESET');
}

const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';

/** There is one user, `default`, who may do everything and needs no password. */
function checkUser(name: string): void {
  if (name !== 'default') throw new CommandError(WRONG_PASSWORD);
}

function auth({ args }: Call): Reply {
  if (args.length > 3) throw new CommandError('ERR syntax error');
  if (args.length === 2) {
    throw new CommandError(
      'ERR AUTH <password> called without any password configured for the default user. Are you sure your ' +
        'configuration is correct?',
    );
  }
  checkUser(args[1]!);
  return OK;
}

function hello(call: Call): Reply {
  const { args, client } = call;
  const protocol = readProtocol(args[1]) ?? client.protocol;
  const options = new Options(args, 2);
  let name: string | undefined;
  while (!options.done) {
    const text = options.value();
    const word = text.toUpperCase();
    if (word === 'AUTH' && options.left >= 2) {
      checkUser(options.value());
      options.value();
    } else if (word === 'SETNAME' && !options.done) {
      name = checkName(options.value(), 'Client names');
    } else {
      throw new CommandError(`ERR Syntax error in HELLO option '${text}'`);
    }
  }
  if (name !== undefined) client.name = name;
  client.protocol = protocol;
  return mapOf([
    ['server', 'redis'],
    ['version', REDIS_VERSION],
    ['proto', protocol],
    ['id', client.id],
    ['mode', 'standalone'],
    ['role', 'master'],
    ['modules', []],
  ]);
}

function readProtocol(text: string | undefined): 2 | 3 | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d{1,19}$/.test(text)) {
    throw new CommandError('ERR Protocol version is not an integer or out of range');
  }
  if (text !== '2' && text !== '3') throw new CommandError('NOPROTO unsupported protocol version');
  return text === '2' ? 2 : 3;
}

const early = 'noscript loading stale fast no_auth allow_busy';

export const connectionCommands: readonly Command[] = [
  { name: 'ping', arity: -1, flags: 'fast', run: ping },
  { name: 'echo', arity: 2, flags: 'loading stale fast', run: ({ args }) => args[1]! },
  { name: 'quit', arity: -1, flags: early, run: quit },
  { name: 'reset', arity: 1, flags: early, run: reset },
  { name: 'auth', arity: -2, flags: early, run: auth },
  { name: 'hello', arity: -1, flags: early, run: hello },
  selectCommand,
];
