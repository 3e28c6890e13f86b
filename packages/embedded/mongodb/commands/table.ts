/** Every command by its names. */
import { docFrom } from '../values/fields.ts';
import type { Value } from '../values/types.ts';
import { aggregate } from './aggregate.ts';
import { collMod } from './coll-mod.ts';
import { collectionStatsCommands } from './collection-stats.ts';
import { collectionCommands } from './collections.ts';
import { type Command, command } from './command.ts';
import { count } from './count.ts';
import { getMore, killCursors } from './cursor-commands.ts';
import { databaseCommands } from './databases.ts';
import { deleteCommand } from './delete.ts';
import { diagnosticCommands } from './diagnostics.ts';
import { distinct } from './distinct.ts';
import { explain } from './explain.ts';
import { anything } from './fields.ts';
import { find } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import { handshakeCommands } from './handshake.ts';
import { indexCommands } from './index-commands.ts';
import { insert } from './insert.ts';
import { listCollections } from './list-collections.ts';
import { sessionCommands } from './sessions.ts';
import { update } from './update.ts';

const listCommands = command({
  names: ['listCommands'],
  help: 'lists the commands',
  fields: { listCommands: anything },
  run: () => ({
    fields: docFrom([
      [
        'commands',
        docFrom(
          commands.map(({ names, help, adminOnly }): [string, Value] => [
            names[0]!,
            docFrom([
              ['help', help],
              ['requiresAuth', false],
              ['secondaryOk', false],
              ['adminOnly', adminOnly],
            ]),
          ]),
        ),
      ],
    ]),
  }),
});

const commands: readonly Command[] = [
  ...handshakeCommands,
  find,
  getMore,
  killCursors,
  count,
  distinct,
  aggregate,
  explain,
  insert,
  update,
  deleteCommand,
  findAndModify,
  ...indexCommands,
  ...collectionCommands,
  listCollections,
  collMod,
  ...collectionStatsCommands,
  ...databaseCommands,
  ...sessionCommands,
  ...diagnosticCommands,
  listCommands,
];

export const commandTable: ReadonlyMap<string, Command> = new Map(
  commands.flatMap((each) => each.names.map((name): [string, Command] => [name, each])),
);
