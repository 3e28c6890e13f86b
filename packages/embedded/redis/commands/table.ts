/** All commands in one table, and how a command is found in it. */
import { bitmapCommands } from './bitmaps.ts';
import { clientCommand } from './client.ts';
import type { Command, CommandGroup, CommandTable, Container, ListedCommand } from './command.ts';
import { connectionCommands } from './connection.ts';
import { counterCommands } from './counters.ts';
import { databaseCommands } from './databases.ts';
import { expiryCommands } from './expiry.ts';
import { hashCommands } from './hashes.ts';
import { commandCommand, commandContainer } from './introspection.ts';
import { keyCommands, objectCommand } from './keys.ts';
import { listMoveCommands } from './list-moves.ts';
import { listPositionCommands } from './list-positions.ts';
import { listCommands } from './lists.ts';
import { pubsubCommand, pubsubCommands } from './pubsub.ts';
import { refusedCommands, scriptingCommands } from './refused.ts';
import { replayCommands } from './replay.ts';
import { serverCommands, serverContainers } from './server.ts';
import { setAlgebraCommands } from './set-algebra.ts';
import { setCommands } from './sets.ts';
import { sortCommands } from './sort.ts';
import { streamDeliveryCommands } from './streams-deliver.ts';
import { groupCommand } from './streams-groups.ts';
import { streamInfoCommand } from './streams-info.ts';
import { streamPendingCommands } from './streams-pending.ts';
import { streamReadCommands } from './streams-read.ts';
import { streamWriteCommands } from './streams-write.ts';
import { stringExpiryCommands } from './string-expiry.ts';
import { stringCommands } from './strings.ts';
import { transactionCommands } from './transactions.ts';
import { zsetAlgebraCommands } from './zset-algebra.ts';
import { zsetPopCommands } from './zset-pops.ts';
import { zsetRangeCommands } from './zset-range-commands.ts';
import { zsetReadCommands } from './zset-reads.ts';
import { zsetWriteCommands } from './zset-writes.ts';

interface Family {
  group: CommandGroup;
  available?: false;
  commands?: readonly Command[];
  containers?: readonly Container[];
}

const FAMILIES: readonly Family[] = [
  { group: 'string', commands: [...stringCommands, ...stringExpiryCommands, ...counterCommands] },
  { group: 'bitmap', commands: bitmapCommands },
  {
    group: 'generic',
    commands: [...keyCommands, ...expiryCommands, ...sortCommands],
    containers: [objectCommand],
  },
  { group: 'hash', commands: hashCommands },
  { group: 'list', commands: [...listCommands, ...listPositionCommands, ...listMoveCommands] },
  { group: 'set', commands: [...setCommands, ...setAlgebraCommands] },
  {
    group: 'sorted-set',
    commands: [
      ...zsetReadCommands,
      ...zsetRangeCommands,
      ...zsetWriteCommands,
      ...zsetPopCommands,
      ...zsetAlgebraCommands,
    ],
  },
  {
    group: 'stream',
    commands: [
      ...streamReadCommands,
      ...streamWriteCommands,
      ...streamDeliveryCommands,
      ...streamPendingCommands,
    ],
    containers: [groupCommand, streamInfoCommand],
  },
  { group: 'transactions', commands: transactionCommands },
  { group: 'pubsub', commands: pubsubCommands, containers: [pubsubCommand] },
  { group: 'connection', commands: connectionCommands, containers: [clientCommand] },
  {
    group: 'server',
    commands: [...databaseCommands, ...serverCommands, commandCommand],
    containers: [...serverContainers, commandContainer],
  },
  { group: 'server', commands: refusedCommands, available: false },
  { group: 'scripting', commands: scriptingCommands, available: false },
];

const MAX_SHOWN = 128;

function buildTable(families: readonly Family[]): CommandTable {
  const all = new Map<string, ListedCommand>();
  for (const { group, available = true, commands = [], containers = [] } of families) {
    for (const command of commands) {
      all.set(command.name, { name: command.name, group, available, command, subcommands: new Map() });
    }
    for (const { name, subcommands } of containers) {
      const named = subcommands.map(
        (each) => [each.name, { ...each, name: `${name}|${each.name}` }] as const,
      );
      const withHelp = [...named, ['help', helpFor(name, subcommands)] as const];
      const command = all.get(name)?.command;
      all.set(name, { name, group, available, command, subcommands: new Map(withHelp) });
    }
  }
  return { all, find: (args) => find(all, args) };
}

function helpFor(name: string, subcommands: readonly Command[]): Command {
  const lines = [
    `${name.toUpperCase()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
    ...subcommands.map((each) => each.name.toUpperCase()),
    'HELP',
    '    Print this help.',
  ];
  return { name: `${name}|help`, arity: 2, flags: 'loading stale', run: () => lines };
}

function find(all: ReadonlyMap<string, ListedCommand>, args: readonly string[]): Command | string {
  const given = args[0]!;
  const listed = all.get(given) ?? all.get(given.toLowerCase());
  if (!listed) return unknownCommand(args);
  let { command } = listed;
  if (listed.subcommands.size > 0 && args.length > 1) {
    command = listed.subcommands.get(args[1]!.toLowerCase());
    if (!command) return unknownSubcommand(listed.name, args[1]!);
  }
  if (!command) return wrongNumber(listed.name);
  const { arity } = command;
  const fits = arity < 0 ? args.length >= -arity : args.length === arity;
  return fits ? command : wrongNumber(command.name);
}

const wrongNumber = (name: string) => `ERR wrong number of arguments for '${name}' command`;

function unknownCommand([name, ...args]: readonly string[]): string {
  let shown = '';
  for (const arg of args) {
    if (shown.length >= MAX_SHOWN) break;
    shown += `'${arg.slice(0, MAX_SHOWN - shown.length)}' `;
  }
  return `ERR unknown command '${name!.slice(0, MAX_SHOWN)}', with args beginning with: ${shown}`;
}

const unknownSubcommand = (name: string, subcommand: string) =>
  `ERR unknown subcommand '${subcommand.slice(0, MAX_SHOWN)}'. Try ${name.toUpperCase()} HELP.`;

export const commandTable = buildTable(FAMILIES);

/** What a log may hold. */
export const replayTable = buildTable([...FAMILIES, { group: 'stream', commands: replayCommands }]);
