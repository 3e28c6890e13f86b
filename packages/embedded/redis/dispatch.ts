/** Decides what becomes of a command: refused, queued by MULTI, or run; and records what it changed. */
import { Client } from './client.ts';
import type { Call, Command, CommandTable } from './commands/command.ts';
import type { Instance } from './instance.ts';
import { CommandError, error, QUEUED, type Reply } from './protocol/reply.ts';
import type { Effect } from './record.ts';
import type { Wait } from './waiting.ts';

const NOT_QUEUED = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
const FOR_SUBSCRIBERS = new Set([
  'subscribe',
  'unsubscribe',
  'psubscribe',
  'punsubscribe',
  'ssubscribe',
  'sunsubscribe',
  'ping',
  'quit',
  'reset',
]);
/** A web page that is made to post to this port must not get its lines run as commands. */
const SENT_BY_BROWSERS = new Set(['post', 'host:']);
const ARGUMENT_OVERHEAD = 16;

export interface Dispatcher {
  dispatch(client: Client, args: readonly string[]): void;
  /** Tries again what a client waits for; whether that came to an end. */
  serve(wait: Wait): boolean;
  /** Runs a command of the log. Throws when it cannot be run. */
  replay(effect: Effect): void;
}

export function createDispatcher(
  instance: Instance,
  commands: CommandTable,
  replayed: CommandTable,
): Dispatcher {
  const { keyspace, journal, statistics } = instance;

  function dispatch(client: Client, args: readonly string[]): void {
    keyspace.now = Date.now();
    statistics.commands++;
    client.lastActiveAt = keyspace.now;
    if (client.replyMode === 'skip next') client.replyMode = 'skip this';
    const recordedBefore = journal.recorded;
    const reply = decide(client, args);
    answer(client, reply, journal.recorded !== recordedBefore);
    if (client.replyMode === 'skip this') client.replyMode = 'on';
    instance.waiting.serveReady();
  }

  function decide(client: Client, args: readonly string[]): Reply {
    const command = commands.find(args);
    if (typeof command === 'string') {
      const name = args[0]!.toLowerCase();
      return SENT_BY_BROWSERS.has(name) ? refuseBrowser(client) : refuse(client, name, command);
    }
    client.lastCommand = command.name;
    const reason = refusal(client, command);
    if (reason !== undefined) return refuse(client, command.name, reason);
    if (!client.transaction || NOT_QUEUED.has(command.name)) return run(client, command, args);
    client.transaction.queued.push(args);
    for (const arg of args) client.transaction.queuedBytes += arg.length + ARGUMENT_OVERHEAD;
    return QUEUED;
  }

  function refusal(client: Client, command: Command): string | undefined {
    if (client.protocol === 2 && client.isSubscriber && !FOR_SUBSCRIBERS.has(command.name)) {
      return (
        `ERR Can't execute '${command.name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET ` +
        'are allowed in this context'
      );
    }
    if (client.transaction && hasFlag(command, 'no_multi')) {
      return 'ERR Command not allowed inside a transaction';
    }
    const writes =
      command.name === 'exec' ? client.transaction?.queued.some(queuedWrites) : hasFlag(command, 'write');
    return writes ? journal.refusal() : undefined;
  }

  function queuedWrites(args: readonly string[]): boolean {
    const command = commands.find(args);
    return typeof command !== 'string' && hasFlag(command, 'write');
  }

  function refuse(client: Client, name: string, reason: string): Reply {
    statistics.errors++;
    if (name === 'exec') {
      client.transaction = undefined;
      instance.watches.unwatchAll(client);
      return error(`EXECABORT Transaction discarded because of: ${reason.replace(/^ERR /, '')}`);
    }
    if (client.transaction) client.transaction.broken = true;
    return error(reason);
  }

  function refuseBrowser(client: Client): Reply {
    instance.warn('Redis cut off a connection that speaks HTTP');
    client.kill();
    return error('ERR');
  }

  function run(client: Client, command: Command, args: readonly string[]): Reply {
    const call: Call = {
      args,
      client,
      db: keyspace.databases[client.database]!,
      instance,
      commands,
      execute: (queued) => runQueued(client, queued),
      recorded: false,
    };
    const changesBefore = keyspace.changes;
    try {
      return command.run(call);
    } catch (fault) {
      statistics.errors++;
      return error(messageOf(fault));
    } finally {
      if (keyspace.changes !== changesBefore && !call.recorded) journal.record(call.db.index, args);
    }
  }

  function runQueued(client: Client, args: readonly string[]): Reply {
    const command = commands.find(args);
    return typeof command === 'string' ? error(command) : run(client, command, args);
  }

  function serve(wait: Wait): boolean {
    const recordedBefore = journal.recorded;
    let reply: Reply | undefined;
    try {
      reply = wait.attempt();
    } catch (fault) {
      // What it waited for may be gone, such as the group of an XREADGROUP: the wait ends with that error.
      reply = error(messageOf(fault));
    }
    if (reply === undefined) return false;
    answer(wait.client, reply, journal.recorded !== recordedBefore);
    instance.turn.speaks(wait.client);
    instance.turn.resume(wait.client);
    return true;
  }

  function answer(client: Client, reply: Reply, tellsOfChange: boolean): void {
    try {
      client.reply(reply, tellsOfChange);
    } catch (fault) {
      // The reply is too large to be sent; that much can still be told.
      client.reply(error(messageOf(fault)), tellsOfChange);
    }
  }

  function messageOf(fault: unknown): string {
    if (fault instanceof CommandError) return fault.message;
    const { message, stack } = fault as Error;
    instance.warn(`Redis: a command failed in a way it should not: ${stack}`);
    return `ERR internal error: ${message}`;
  }

  const replayClient = new Client(0, undefined, 0);

  function replay({ database, args }: Effect): void {
    const command = replayed.find(args);
    if (typeof command === 'string') throw new Error(command);
    const db = keyspace.databases[database]!;
    const execute = () => {
      throw new Error('a transaction is recorded as what it did');
    };
    try {
      command.run({ args, client: replayClient, db, instance, commands, execute, recorded: true });
    } catch (fault) {
      // It failed in the same way, after the same changes, when it was recorded.
      if (!(fault instanceof CommandError)) throw fault;
      instance.warn(`Redis: ${args[0]} of the log ended with: ${fault.message}`);
    }
  }

  return { dispatch, serve, replay };
}

/** Each command's flags are looked through once. */
const flagSets = new Map<Command, ReadonlySet<string>>();

function hasFlag(command: Command, flag: string): boolean {
  let flags = flagSets.get(command);
  if (!flags) {
    flags = new Set(command.flags.split(' '));
    flagSets.set(command, flags);
  }
  return flags.has(flag);
}
