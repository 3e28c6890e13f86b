/** What adds to a stream and takes from it. */
import { nextUnsigned64 } from '../numbers/int64.ts';
import { CommandError, OK, type Reply } from '../protocol/reply.ts';
import { Stream } from '../values/stream.ts';
import { compareIds, formatId, isZeroId, LAST_ID, nextId, type StreamId } from '../values/stream-id.ts';
import { integer, Options, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST, record } from './command.ts';
import { INVALID_ID, streamAt, streamId } from './stream-arguments.ts';
import { type Trimming, TrimmingOptions, trim } from './stream-trimming.ts';

/** `*`, `ms-*` or an id. */
type WantedId = 'any' | { ms: StreamId['ms']; seq: StreamId['seq'] | 'any' };

interface Addition {
  id: WantedId;
  fields: readonly string[];
  makesStream: boolean;
  trimming: Trimming | undefined;
}

function readAddition(args: readonly string[]): Addition {
  const options = new Options(args, 2);
  const trimming = new TrimmingOptions();
  let makesStream = true;
  let id: WantedId | undefined;
  while (!options.done && id === undefined) {
    const text = options.value();
    const word = text.toUpperCase();
    if (word === 'NOMKSTREAM') makesStream = false;
    else if (!trimming.accept(word, options)) id = readWantedId(text);
  }
  const fields = options.rest();
  const addition = { id: id ?? 'any', fields, makesStream, trimming: trimming.finish() };
  if (id === undefined || fields.length === 0 || fields.length % 2 > 0) {
    throw new CommandError("ERR wrong number of arguments for 'xadd' command");
  }
  if (id !== 'any' && id.seq !== 'any' && isZeroId({ ms: id.ms, seq: id.seq })) {
    throw new CommandError('ERR The ID specified in XADD must be greater than 0-0');
  }
  return addition;
}

function readWantedId(text: string): WantedId {
  if (text === '*') return 'any';
  if (text.endsWith('-*')) return { ms: streamId(text.slice(0, -2)).ms, seq: 'any' };
  if (text === '-' || text === '+') throw new CommandError(INVALID_ID);
  return streamId(text);
}

function xadd(call: Call): Reply {
  const { args, db } = call;
  const key = args[1]!;
  const { id: wanted, fields, makesStream, trimming } = readAddition(args);
  const known = streamAt(call);
  if (!known && !makesStream) return null;
  const stream = known ?? new Stream();
  const id = chooseId(stream.lastId, wanted, db.now);
  if (!known) db.set(key, stream);
  stream.append(id, fields);
  record(call, 'XADD', key, formatId(id), ...fields);
  db.changed(key, 't', 'xadd');
  if (trimming) trim(call, key, stream, trimming);
  return formatId(id);
}

function chooseId(last: StreamId, wanted: WantedId, now: number): StreamId {
  if (compareIds(last, LAST_ID) === 0) {
    throw new CommandError('ERR The stream has exhausted the last possible ID, unable to add more items');
  }
  if (wanted === 'any') return now > last.ms ? { ms: now, seq: 0 } : nextId(last)!;
  const seq = wanted.seq === 'any' ? nextSeq(last, wanted.ms) : wanted.seq;
  const id = seq === undefined ? undefined : { ms: wanted.ms, seq };
  if (!id || compareIds(id, last) <= 0) {
    throw new CommandError(
      'ERR The ID specified in XADD is equal or smaller than the target stream top item',
    );
  }
  return id;
}

const nextSeq = (last: StreamId, ms: StreamId['ms']) => (last.ms === ms ? nextUnsigned64(last.seq) : 0);

function xtrim(call: Call): Reply {
  const options = new Options(call.args, 2);
  const trimmingOptions = new TrimmingOptions();
  while (!options.done) if (!trimmingOptions.accept(options.word(), options)) throw syntaxError();
  const trimming = trimmingOptions.finish();
  if (!trimming) throw new CommandError('ERR syntax error, XTRIM must be called with a trimming strategy');
  const stream = streamAt(call);
  return stream ? trim(call, call.args[1]!, stream, trimming) : 0;
}

function xdel(call: Call): Reply {
  const stream = streamAt(call);
  if (!stream) return 0;
  const ids = call.args.slice(2).map((text) => streamId(text));
  const deleted = ids.filter((id) => stream.delete(id)).length;
  if (deleted > 0) call.db.changed(call.args[1]!, 't', 'xdel');
  return deleted;
}

function xsetid(call: Call): Reply {
  const { args, db } = call;
  const lastId = streamId(args[2]!);
  const { entriesAdded, maxDeletedId } = readCounters(args);
  if (maxDeletedId && compareIds(lastId, maxDeletedId) < 0) {
    throw new CommandError(
      'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
    );
  }
  const stream = streamAt(call);
  if (!stream) throw new CommandError('ERR no such key');
  const top = stream.entries.at(stream.size - 1);
  if (top && compareIds(lastId, top) < 0) {
    throw new CommandError('ERR The ID specified in XSETID is smaller than the target stream top item');
  }
  if (entriesAdded !== undefined && entriesAdded < stream.size) {
    throw new CommandError(
      'ERR The entries_added specified in XSETID is smaller than the target stream length',
    );
  }
  stream.lastId = lastId;
  stream.entriesAdded = entriesAdded ?? stream.entriesAdded;
  stream.maxDeletedId = maxDeletedId ?? stream.maxDeletedId;
  db.changed(args[1]!, 't', 'xsetid');
  return OK;
}

function readCounters(args: readonly string[]) {
  const options = new Options(args, 3);
  let entriesAdded: number | undefined;
  let maxDeletedId: StreamId | undefined;
  while (!options.done) {
    const word = options.word();
    if (word === 'ENTRIESADDED') {
      entriesAdded = integer(options.value());
      if (entriesAdded < 0) throw new CommandError('ERR entries_added must be positive');
    } else if (word === 'MAXDELETEDID') {
      maxDeletedId = streamId(options.value());
    } else {
      throw syntaxError();
    }
  }
  return { entriesAdded, maxDeletedId };
}

export const streamWriteCommands: readonly Command[] = [
  { name: 'xadd', arity: -5, flags: 'write denyoom fast', keys: FIRST, run: xadd },
  { name: 'xtrim', arity: -4, flags: 'write', keys: FIRST, run: xtrim },
  { name: 'xdel', arity: -3, flags: 'write fast', keys: FIRST, run: xdel },
  { name: 'xsetid', arity: -3, flags: 'write denyoom fast', keys: FIRST, run: xsetid },
];
