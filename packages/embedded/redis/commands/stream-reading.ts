/** The arguments that XREAD and XREADGROUP share. */
import { CommandError } from '../protocol/reply.ts';
import { integer, Options, syntaxError } from './arguments.ts';

export interface StreamsToRead {
  keys: readonly string[];
  ids: readonly string[];
  /** Infinity for all. */
  count: number;
  /** Undefined when it is not to wait, 0 to wait for ever. */
  blockMs: number | undefined;
  group: { name: string; consumer: string } | undefined;
  noAck: boolean;
}

export function readStreamsToRead(args: readonly string[], command: 'xread' | 'xreadgroup'): StreamsToRead {
  const options = new Options(args, 1);
  const read: StreamsToRead = {
    keys: [],
    ids: [],
    count: Infinity,
    blockMs: undefined,
    group: undefined,
    noAck: false,
  };
  while (!options.done) {
    const word = options.word();
    if (word === 'STREAMS' && !options.done) readKeysAndIds(read, options.rest(), command);
    else if (word === 'BLOCK' && !options.done) read.blockMs = readBlock(options.value());
    else if (word === 'COUNT' && !options.done)
      read.count = Math.max(0, integer(options.value())) || Infinity;
    else if (word === 'GROUP' && options.left >= 2) readGroup(read, options, command);
    else if (word === 'NOACK') readNoAck(read, command);
    else throw syntaxError();
  }
  if (read.keys.length === 0) throw syntaxError();
  if (command === 'xreadgroup' && !read.group)
    throw new CommandError('ERR Missing GROUP option for XREADGROUP');
  checkIds(read.ids, command);
  return read;
}

function readKeysAndIds(read: StreamsToRead, rest: readonly string[], command: string): void {
  if (rest.length % 2 > 0) {
    const mark = command === 'xread' ? '$' : '>';
    throw new CommandError(
      `ERR Unbalanced '${command}' list of streams: for each stream key an ID or '${mark}' must be specified.`,
    );
  }
  read.keys = rest.slice(0, rest.length / 2);
  read.ids = rest.slice(rest.length / 2);
}

function readBlock(text: string): number {
  const ms = integer(text, 'ERR timeout is not an integer or out of range');
  if (ms < 0) throw new CommandError('ERR timeout is negative');
  return ms;
}

function readGroup(read: StreamsToRead, options: Options, command: string): void {
  if (command === 'xread') throw onlyOfXreadgroup('GROUP');
  read.group = { name: options.value(), consumer: options.value() };
}

function readNoAck(read: StreamsToRead, command: string): void {
  if (command === 'xread') throw onlyOfXreadgroup('NOACK');
  read.noAck = true;
}

const onlyOfXreadgroup = (option: string) =>
  new CommandError(`ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`);

function checkIds(ids: readonly string[], command: string): void {
  if (command === 'xread' && ids.includes('>')) {
    throw new CommandError(
      'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
    );
  }
  if (command === 'xreadgroup' && ids.includes('$')) {
    throw new CommandError(
      'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer ' +
        'by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty ' +
        'result set.',
    );
  }
}

export function streamKeys(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg) => arg.toUpperCase() === 'STREAMS');
  const rest = at < 0 ? [] : args.slice(at + 1);
  return rest.slice(0, rest.length / 2);
}
