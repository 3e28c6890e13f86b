/** The server about itself. */

import { matchesGlob } from '../keyspace/glob.ts';
import { CommandError, mapOf, OK, type Reply, verbatim } from '../protocol/reply.ts';
import { SETTINGS } from '../settings.ts';
import { integer, syntaxError } from './arguments.ts';
import { type Call, type Command, type Container, SECOND } from './command.ts';
import { describeServer } from './info.ts';
import { memoryUsage } from './memory.ts';

function info({ args, instance }: Call): Reply {
  return verbatim(describeServer(instance, args.slice(1)));
}

function time({ db }: Call): Reply {
  return [String(Math.floor(db.now / 1000)), String((db.now % 1000) * 1000)];
}

function configGet({ args, instance }: Call): Reply {
  const patterns = args.slice(2).map((pattern) => pattern.toLowerCase());
  return mapOf(
    Object.entries(SETTINGS)
      .filter(([name]) => patterns.some((pattern) => matchesGlob(pattern, name)))
      .map(([name, setting]) => [name, setting.read(instance.settings)]),
  );
}

function configSet({ args, instance }: Call): Reply {
  const pairs = args.slice(2);
  if (pairs.length % 2 > 0) throw syntaxError();
  for (let at = 0; at < pairs.length; at += 2) {
    const [name, value] = pairs.slice(at, at + 2) as [string, string];
    const setting = SETTINGS[name.toLowerCase()];
    if (!setting)
      throw new CommandError(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`);
    const failed = (why: string) =>
      new CommandError(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${why}`);
    if (!setting.write) throw failed("can't set immutable config");
    if (!setting.write(instance.settings, value)) throw failed(setting.invalid ?? 'argument is not valid');
  }
  return OK;
}

function resetStatistics({ instance }: Call): Reply {
  const { statistics, keyspace } = instance;
  Object.assign(statistics, { commands: 0, connections: 0, refusedConnections: 0, errors: 0 });
  Object.assign(keyspace, { hits: 0, misses: 0, expiredKeys: 0 });
  return OK;
}

/** There is nothing to save: what was acknowledged is in the log. */
const save = (): Reply => OK;

const refused = (message: string) => (): Reply => {
  throw new CommandError(message);
};

const NO_REWRITE =
  "ERR Souk's embedded Redis writes every change to its log, and rewrites that by itself when it has grown";

/** No replica ever acknowledges anything. */
function wait({ args }: Call): Reply {
  integer(args[1]!);
  if (integer(args[2]!, 'ERR timeout is not an integer or out of range') < 0) {
    throw new CommandError('ERR timeout is negative');
  }
  return 0;
}

const admin = 'admin noscript loading stale';
const persisting = 'admin noscript no_async_loading';

export const serverCommands: readonly Command[] = [
  { name: 'info', arity: -1, flags: 'loading stale', run: info },
  { name: 'time', arity: 1, flags: 'loading stale fast', run: time },
  { name: 'role', arity: 1, flags: 'noscript loading stale fast', run: () => ['master', 0, []] },
  { name: 'wait', arity: 3, flags: 'noscript', run: wait },
  {
    name: 'lastsave',
    arity: 1,
    flags: 'loading stale fast',
    run: ({ db }) => Math.floor(db.now / 1000),
  },
  { name: 'save', arity: 1, flags: `${persisting} no_multi`, run: save },
  { name: 'bgsave', arity: -1, flags: persisting, run: refused(NO_REWRITE) },
  { name: 'bgrewriteaof', arity: 1, flags: persisting, run: refused(NO_REWRITE) },
];

export const serverContainers: readonly Container[] = [
  {
    name: 'config',
    subcommands: [
      { name: 'get', arity: -3, flags: admin, run: configGet },
      { name: 'set', arity: -4, flags: admin, run: configSet },
      { name: 'resetstat', arity: 2, flags: admin, run: resetStatistics },
      {
        name: 'rewrite',
        arity: 2,
        flags: admin,
        run: refused('ERR The server is running without a config file'),
      },
    ],
  },
  {
    name: 'memory',
    subcommands: [{ name: 'usage', arity: -3, flags: 'readonly', keys: SECOND, run: memoryUsage }],
  },
  {
    name: 'slowlog',
    subcommands: [
      { name: 'get', arity: -2, flags: 'admin loading stale', run: () => [] },
      { name: 'len', arity: 2, flags: 'admin loading stale', run: () => 0 },
      { name: 'reset', arity: 2, flags: 'admin loading stale', run: () => OK },
    ],
  },
  {
    name: 'latency',
    subcommands: [
      { name: 'latest', arity: 2, flags: admin, run: () => [] },
      { name: 'history', arity: 3, flags: admin, run: () => [] },
      { name: 'reset', arity: -2, flags: admin, run: () => 0 },
    ],
  },
  {
    name: 'acl',
    subcommands: [
      { name: 'whoami', arity: 2, flags: 'noscript loading stale', run: () => 'default' },
      { name: 'users', arity: 2, flags: admin, run: () => ['default'] },
    ],
  },
  { name: 'module', subcommands: [{ name: 'list', arity: 2, flags: 'admin noscript', run: () => [] }] },
];
