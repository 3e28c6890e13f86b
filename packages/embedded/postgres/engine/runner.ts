/** Owns the engine's one session and lends it to one connection after the other, so that none notices the others. */
import type { Job, JobResult, SessionTimeouts, Setting } from '../channel.ts';
import { OWNER } from '../wire/login.ts';
import {
  closeStatement,
  type ErrorFields,
  errorMessage,
  firstColumn,
  joinExactly,
  query,
  sync,
} from '../wire/messages.ts';
import type { Backend } from './backend.ts';
import type { Cancel } from './cancel.ts';
import { sessionConversation, type UnnamedOwner } from './conversation.ts';
import type { Hooks } from './hooks.ts';
import type { Inbox } from './inbox.ts';
import { outputFilter, type Reports } from './output-filter.ts';
import { newSession, type Session } from './session.ts';
import { type Settings, sameMap } from './settings.ts';

export interface Runner {
  run(job: Job): JobResult;
  /** A transaction, or a group of messages without its end, is open. */
  isHeld(): boolean;
  /** Between transactions: runs SQL as the owner, with nobody's settings, and gives the raw answer. */
  internal(sql: string): Buffer;
}

export interface RunnerParts {
  backend: Backend;
  settings: Settings;
  hooks: Hooks;
  inbox: Inbox;
  reports: Reports;
  cancel: Cancel;
}

/** Objects of the temporary schema depend on it; those left after a transaction would be everybody's. */
const TEMPORARY_OBJECTS =
  "SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = pg_my_temp_schema() LIMIT 1";

/** What ALTER ROLE and ALTER DATABASE set for new sessions, the narrower after the wider: the last one counts. */
const settingsOfRole = (role: string) => `
  SELECT unnest(setconfig) FROM pg_db_role_setting
  WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = '${role.replaceAll("'", "''")}'))
  ORDER BY setrole <> 0, setdatabase <> 0`;

const fatal = (code: string, message: string, hint?: string): ErrorFields => ({
  severity: 'FATAL',
  code,
  message,
  hint,
});

const TEMPORARY_OBJECTS_LEFT = fatal(
  '0A000',
  'Temporary objects that outlive their transaction are not supported by the embedded server',
  'Connections share one session of the engine. Drop them inside the transaction, or use ordinary objects.',
);

export function runnerOf(parts: RunnerParts): Runner {
  const { backend, settings, hooks, inbox, reports, cancel } = parts;
  const sessions = new Map<number, Session>();
  const nobody = newSession(0, []);
  const unnamed: UnnamedOwner = { session: undefined };
  /** Whose settings the engine has at the moment. */
  let active = nobody;
  /** Whether that session's messages or transaction are unfinished. */
  let open = false;
  /** What the engine itself listens to: the channels of all connections, and some that nobody wants any more. */
  const engineChannels = new Set<string>();

  /** Messages of the engine's own, seen by no client and judged by no policy. */
  const internalMessages = (bytes: Buffer): Buffer => {
    hooks.setSession(undefined);
    unnamed.session = undefined;
    const pieces: Buffer[] = [];
    let left: Buffer | undefined = bytes;
    backend.run({
      next: () => {
        const all = left;
        left = undefined;
        return all;
      },
      more: () => left !== undefined,
      answer: (piece) => pieces.push(Buffer.from(piece)),
    });
    return outputFilter(nobody, reports).pass(Buffer.concat(pieces));
  };
  const ownQuery = (sql: string) => internalMessages(query(sql));

  const internal = (sql: string): Buffer => {
    activate(nobody);
    return ownQuery(sql);
  };

  /** Hands the engine to a session. Postgres' error if one of its settings cannot be applied. */
  const activate = (session: Session): Buffer | undefined => {
    if (active === session) return undefined;
    // currval() and lastval() would tell one connection of another's numbers.
    if (active !== nobody) ownQuery('DISCARD SEQUENCES');
    const previous = active;
    const pieces: Buffer[] = [];
    const passed = backend.attempt(silent(pieces), () => settings.pass(previous, session));
    if (passed) {
      active = session;
      return undefined;
    }
    const error = outputFilter(session, reports).pass(Buffer.concat(pieces));
    recover(previous, session);
    return error;
  };

  /** Half-applied settings: whatever either of the two has is taken back. */
  const recover = (previous: Session, failed: Session) => {
    const startup = new Map([...previous.startup, ...failed.startup]);
    const changed = new Map([...previous.changed, ...settings.changed()]);
    if (!backend.attempt(silent([]), () => settings.pass({ startup, changed }, nobody)))
      throw new Error('the settings of a connection could not be taken back');
    active = nobody;
  };

  const openSession = (job: Job, wanted: readonly Setting[], told: readonly Setting[]): JobResult => {
    const role = wanted.find(([name]) => name === 'session_authorization')?.[1] ?? OWNER;
    const given = firstColumn(internal(settingsOfRole(role))).map((text): Setting => {
      const end = text.indexOf('=');
      return [text.slice(0, end), text.slice(end + 1)];
    });
    let session = newSession(job.session, [...given, ...wanted], told);
    let error = activate(session);
    if (error && given.length) {
      // The real server, too, lets a session begin without what can no longer be set.
      session = newSession(job.session, wanted, told);
      error = activate(session);
    }
    if (error) return { ...base(job), output: error, ended: true };
    sessions.set(session.id, session);
    const opened = runMessages(session, job, query(''));
    return { ...opened, timeouts: timeoutsOf() };
  };

  const runMessages = (session: Session, job: Job, bytes: Uint8Array): JobResult => {
    const { channels, changed } = session;
    hooks.setSession(session);
    cancel.clear();
    const conversation = sessionConversation({ session, bytes, backend, reports, unnamed, inbox, cancel });
    backend.run(conversation);
    cancel.clear();
    const output = conversation.takeOutput();
    const { notifications } = conversation.filter;
    const left = conversation.left();
    const result: JobResult = { ...base(job), output, state: conversation.filter.state() };
    open = result.state !== 'idle';
    if (notifications.length) result.notifications = notifications;
    if (left) result.left = left;
    const violation = conversation.violation();
    if (violation) return endWith(job, result, fatal('08P01', violation));
    if (open) return result;
    session.changed = settings.changed();
    if (!sameMap(session.changed, changed)) result.timeouts = timeoutsOf();
    if (session.channels !== channels) {
      result.listening = [...session.channels];
      for (const channel of session.channels) engineChannels.add(channel);
      dropUnwantedChannels();
    }
    freeAbandoned(session);
    if (hooks.takeCreated() && leavesTemporaryObjects()) {
      const ended = endWith(job, result, TEMPORARY_OBJECTS_LEFT);
      internal('DISCARD TEMP');
      return ended;
    }
    return result;
  };

  const leavesTemporaryObjects = () => ownQuery(TEMPORARY_OBJECTS).includes('SELECT 1\0', 0, 'latin1');

  /** The session's last answer. */
  const endWith = (job: Job, result: JobResult, error: ErrorFields): JobResult => {
    closeSession(job);
    const output = joinExactly([result.output, errorMessage(error)]);
    return { ...result, output, state: 'idle', ended: true };
  };

  const freeAbandoned = (session: Session) => {
    if (session.abandoned.length === 0) return;
    closeStatements(session.abandoned.flatMap(({ known }) => [...known]));
    session.abandoned = [];
  };

  const closeStatements = (names: string[]) => {
    if (names.length) internalMessages(Buffer.concat([...names.map(closeStatement), sync()]));
  };

  const dropUnwantedChannels = () => {
    for (const channel of engineChannels) {
      if ([...sessions.values()].some((session) => session.channels.has(channel))) continue;
      ownQuery(`UNLISTEN "${channel.replaceAll('"', '""')}"`);
      engineChannels.delete(channel);
    }
  };

  const closeSession = (job: Job): JobResult => {
    const session = sessions.get(job.session);
    if (!session) return base(job);
    if (open && active === session) {
      internalMessages(Buffer.concat([sync(), query('ROLLBACK')]));
      session.changed = settings.changed();
      open = false;
    }
    sessions.delete(session.id);
    closeStatements([session.names, ...session.abandoned].flatMap(({ known }) => [...known]));
    if (session.channels.size) dropUnwantedChannels();
    if (unnamed.session === session) unnamed.session = undefined;
    return base(job);
  };

  const timeoutsOf = (): SessionTimeouts => {
    const milliseconds = (name: string) => Number(settings.read(name) ?? 0);
    return {
      statement: milliseconds('statement_timeout'),
      lock: milliseconds('lock_timeout'),
      idleInTransaction: milliseconds('idle_in_transaction_session_timeout'),
    };
  };

  const run = (job: Job): JobResult => {
    if (job.task.kind === 'open') return openSession(job, job.task.settings, job.task.told);
    if (job.task.kind === 'close') return closeSession(job);
    const session = sessions.get(job.session);
    if (!session) throw new Error(`no session ${job.session}`);
    const error = activate(session);
    if (error) {
      closeSession(job);
      return { ...base(job), output: error, ended: true };
    }
    return runMessages(session, job, job.task.bytes);
  };

  return { run, internal, isHeld: () => open };
}

const base = ({ session, slot }: Job): JobResult => ({
  session,
  slot,
  output: new Uint8Array(0),
  state: 'idle',
});

/** For calls during which no client speaks. */
const silent = (pieces: Buffer[]) => ({
  next: () => undefined,
  more: () => false,
  answer: (piece: Buffer) => {
    pieces.push(Buffer.from(piece));
  },
});
