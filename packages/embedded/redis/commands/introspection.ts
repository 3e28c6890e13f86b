/** COMMAND: what clients ask about commands. */

import { matchesGlob } from '../keyspace/glob.ts';
import { CommandError, mapOf, type Reply, setOf, status } from '../protocol/reply.ts';
import { isWord, syntaxError } from './arguments.ts';
import type { Call, Command, CommandTable, Container, ListedCommand } from './command.ts';

const flagsOf = ({ flags }: Command): Reply => setOf(flags.split(' ').map(status));

function describe({ name, command, subcommands }: ListedCommand): Reply {
  const inner = [...subcommands].map(([sub, each]) => describeOne(`${name}|${sub}`, each, []));
  if (!command) return describeContainer(name, inner);
  return describeOne(name, command, inner);
}

/** Categories of ACL, hints and specifications of keys are left empty: nothing here depends on them. */
const AFTER_KEYS: readonly Reply[] = [setOf([]), [], []];

function describeOne(name: string, command: Command, inner: readonly Reply[]): Reply {
  const keys = command.keys ?? [0, 0, 0];
  return [name, command.arity, flagsOf(command), ...keys, ...AFTER_KEYS, inner];
}

const describeContainer = (name: string, inner: readonly Reply[]): Reply => [
  name,
  -2,
  setOf([]),
  0,
  0,
  0,
  ...AFTER_KEYS,
  inner,
];

const available = ({ all }: CommandTable) => [...all.values()].filter((listed) => listed.available);

const infoAll = ({ commands }: Call): Reply => available(commands).map(describe);

function info(call: Call): Reply {
  const names = call.args.slice(2);
  if (names.length === 0) return infoAll(call);
  return names.map((text) => {
    const [name, sub] = text.toLowerCase().split('|') as [string, string?];
    const listed = call.commands.all.get(name);
    if (!listed?.available) return null;
    if (sub === undefined) return describe(listed);
    const command = listed.subcommands.get(sub);
    return command ? describeOne(`${name}|${sub}`, command, []) : null;
  });
}

/** Which group each belongs to, and what it contains; the texts of Redis' manual are not here. */
function docs({ args, commands }: Call): Reply {
  const wanted = args.slice(2).map((name) => name.toLowerCase());
  const listed = available(commands).filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  return mapOf(listed.map(({ name, group }) => [name, mapOf([['group', group]])]));
}

function list({ args, commands }: Call): Reply {
  const names = available(commands).map(({ name }) => name);
  if (args.length === 2) return names;
  if (args.length !== 5 || !isWord(args[2], 'FILTERBY')) throw syntaxError();
  if (isWord(args[3], 'PATTERN')) return names.filter((name) => matchesGlob(args[4]!, name));
  if (isWord(args[3], 'MODULE')) return [];
  throw syntaxError();
}

function getKeys(call: Call): Reply {
  const args = call.args.slice(2);
  const command = lookUp(call.commands, args);
  const keys = keysOf(command, args);
  if (keys.length === 0) throw new CommandError('ERR The command has no key arguments');
  return keys;
}

function lookUp(commands: CommandTable, args: readonly string[]): Command {
  const command = commands.find(args);
  if (typeof command !== 'string') return command;
  throw new CommandError(
    command.startsWith('ERR unknown')
      ? 'ERR Invalid command specified'
      : 'ERR Invalid number of arguments specified for command',
  );
}

function keysOf({ keys, findKeys }: Command, args: readonly string[]): readonly string[] {
  if (findKeys) return findKeys(args);
  if (!keys) return [];
  const [first, last, step] = keys;
  const end = last < 0 ? args.length + last : last;
  const found: string[] = [];
  for (let at = first; at <= end; at += step) found.push(args[at]!);
  return found;
}

const flags = 'loading stale';

export const commandCommand: Command = { name: 'command', arity: -1, flags, run: infoAll };

export const commandContainer: Container = {
  name: 'command',
  subcommands: [
    { name: 'count', arity: 2, flags, run: ({ commands }) => available(commands).length },
    { name: 'docs', arity: -2, flags, run: docs },
    { name: 'getkeys', arity: -3, flags, run: getKeys },
    { name: 'info', arity: -2, flags, run: info },
    { name: 'list', arity: -2, flags, run: list },
  ],
};
