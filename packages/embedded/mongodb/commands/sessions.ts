/** Sessions only tie cursors together here: there are neither transactions nor retried writes. */
import { Binary, UUID } from 'bson';
import { MongoError } from '../errors.ts';
import { docFrom } from '../values/fields.ts';
import type { Doc } from '../values/types.ts';
import { type Call, type Command, command } from './command.ts';
import { anything, doc, list, required } from './fields.ts';
import { sessionOf } from './session-id.ts';

const TIMEOUT_MINUTES = 30;
const done = () => ({ fields: docFrom([]) });

const startSession = command({
  names: ['startSession'],
  help: 'makes a session id',
  fields: { startSession: anything },
  run: () => {
    const id = new Binary(new UUID().buffer, Binary.SUBTYPE_UUID);
    return {
      fields: docFrom([
        ['id', docFrom([['id', id]])],
        ['timeoutMinutes', TIMEOUT_MINUTES],
      ]),
    };
  },
});

function endAll(sessions: readonly Doc[], call: Call) {
  for (const session of sessions) {
    const id = sessionOf(session);
    if (id !== undefined) call.server.cursors.killSession(id);
  }
  return done();
}

const endSessions = command({
  names: ['endSessions'],
  help: 'ends sessions and closes their cursors',
  fields: { endSessions: required(list(doc)) },
  run: (args, call) => endAll(args.endSessions, call),
});

const killSessions = command({
  names: ['killSessions'],
  help: 'ends sessions and closes their cursors',
  fields: { killSessions: required(list(doc)) },
  run: (args, call) => endAll(args.killSessions, call),
});

const refreshSessions = command({
  names: ['refreshSessions'],
  help: 'keeps sessions from timing out',
  fields: { refreshSessions: required(list(doc)) },
  run: done,
});

/** With a transaction number they do not come as far as this. */
const transactionEnds = ['commitTransaction', 'abortTransaction'].map((name) =>
  command({
    names: [name],
    help: 'is refused: a standalone server has no transactions',
    adminOnly: true,
    fields: { [name]: anything, recoveryToken: anything },
    run: () => {
      throw new MongoError(125, 'CommandFailed', `${name} must be run within a transaction`);
    },
  }),
);

export const sessionCommands: Command[] = [
  startSession,
  endSessions,
  killSessions,
  refreshSessions,
  ...transactionEnds,
];
