/** XGROUP. */
import { CommandError, OK, type Reply } from '../protocol/reply.ts';
import { type ConsumerGroup, createConsumer, createGroup, Stream } from '../values/stream.ts';
import type { StreamId } from '../values/stream-id.ts';
import { badSubcommandUse, integer, Options } from './arguments.ts';
import { type Call, type Command, type Container, SECOND } from './command.ts';
import { lowerLimit, streamAt, streamId } from './stream-arguments.ts';

const NO_KEY =
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM ' +
  'option to create an empty stream automatically.';

function create(call: Call): Reply {
  const [, , key, name, id] = call.args as [string, string, string, string, string];
  const { makesStream, entriesRead } = readOptions(call.args, true);
  const known = streamAt(call, 2);
  if (!known && !makesStream) throw new CommandError(NO_KEY);
  const stream = known ?? new Stream();
  const lastId = readLastId(stream, id);
  if (stream.groups.has(name)) throw new CommandError('BUSYGROUP Consumer Group name already exists');
  if (!known) call.db.set(key, stream);
  stream.groups.set(name, createGroup(name, lastId, entriesRead));
  call.db.changed(key, 't', 'xgroup-create');
  return OK;
}

const readLastId = (stream: Stream, id: string): StreamId => (id === '$' ? stream.lastId : streamId(id));

function readOptions(args: readonly string[], mayMake: boolean) {
  const options = new Options(args, 5);
  let makesStream = false;
  let entriesRead: number | undefined;
  while (!options.done) {
    const word = options.word();
    if (word === 'MKSTREAM' && mayMake) makesStream = true;
    else if (word === 'ENTRIESREAD') entriesRead = readEntriesRead(options.value());
    else throw badSubcommandUse(args);
  }
  return { makesStream, entriesRead };
}

function readEntriesRead(text: string): number | undefined {
  const value = integer(text);
  if (value < -1) throw new CommandError('ERR value for ENTRIESREAD must be positive or -1');
  return value === -1 ? undefined : value;
}

function existingStream(call: Call): Stream {
  const stream = streamAt(call, 2);
  if (!stream) throw new CommandError(NO_KEY);
  return stream;
}

function existingGroup(call: Call): { stream: Stream; group: ConsumerGroup } {
  const [, , key, name] = call.args as [string, string, string, string];
  const stream = existingStream(call);
  const group = stream.groups.get(name);
  if (!group) throw new CommandError(`NOGROUP No such consumer group '${name}' for key name '${key}'`);
  return { stream, group };
}

function setId(call: Call): Reply {
  const { entriesRead } = readOptions(call.args, false);
  const { stream, group } = existingGroup(call);
  const id = call.args[4]!;
  group.lastId = id === '-' || id === '+' ? lowerLimit(id) : readLastId(stream, id);
  group.entriesRead = entriesRead;
  call.db.changed(call.args[2]!, 't', 'xgroup-setid');
  return OK;
}

function destroy(call: Call): Reply {
  const [, , key, name] = call.args as [string, string, string, string];
  if (!existingStream(call).groups.delete(name)) return 0;
  call.db.changed(key, 't', 'xgroup-destroy');
  return 1;
}

function makeConsumer(call: Call): Reply {
  const { group } = existingGroup(call);
  const [, , key, , name] = call.args as [string, string, string, string, string];
  if (group.consumers.has(name)) return 0;
  // The log does not say when a consumer was last seen: after a restart, that counts as such.
  createConsumer(group, name, Math.max(call.db.now, call.instance.startedAt));
  call.db.changed(key, 't', 'xgroup-createconsumer');
  return 1;
}

/** What was pending for the consumer is pending no more. */
function deleteConsumer(call: Call): Reply {
  const { group } = existingGroup(call);
  const [, , key, , name] = call.args as [string, string, string, string, string];
  const consumer = group.consumers.get(name);
  if (!consumer) return 0;
  const pending = consumer.pending.slice();
  for (const each of pending) group.pending.delete(each);
  group.consumers.delete(name);
  call.db.changed(key, 't', 'xgroup-delconsumer');
  return pending.length;
}

const subcommand = (name: string, arity: number, flags: string, run: Command['run']): Command => ({
  name,
  arity,
  flags,
  keys: SECOND,
  run,
});

export const groupCommand: Container = {
  name: 'xgroup',
  subcommands: [
    subcommand('create', -5, 'write denyoom', create),
    subcommand('setid', -5, 'write', setId),
    subcommand('destroy', 4, 'write', destroy),
    subcommand('createconsumer', 5, 'write denyoom', makeConsumer),
    subcommand('delconsumer', 5, 'write', deleteConsumer),
  ],
};
