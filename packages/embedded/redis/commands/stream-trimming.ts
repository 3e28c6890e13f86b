/** MAXLEN and MINID, of XADD and XTRIM. */
import { CommandError } from '../protocol/reply.ts';
import type { Stream } from '../values/stream.ts';
import type { StreamId } from '../values/stream-id.ts';
import { integer, type Options } from './arguments.ts';
import { type Call, record } from './command.ts';
import { streamId } from './stream-arguments.ts';

export interface Trimming {
  keep: { last: number } | { from: StreamId };
  /** `~`: only whole nodes of entries are dropped, for speed. */
  approximately: boolean;
  /** How many entries to drop at most; 0 for any number. */
  limit: number;
}

/** Redis keeps so many entries together. */
const NODE_ENTRIES = 100;
const DEFAULT_LIMIT = 100 * NODE_ENTRIES;

/** Collects the options as they come; `finish` says what they mean together. */
export class TrimmingOptions {
  #keep: Trimming['keep'] | undefined;
  #approximately = false;
  #limit: number | undefined;

  /** Whether the word is one of these options; then its arguments are read. */
  accept(word: string, options: Options): boolean {
    if (options.done || (word !== 'MAXLEN' && word !== 'MINID' && word !== 'LIMIT')) return false;
    if (word === 'LIMIT') {
      this.#limit = atLeastZero(options.value(), 'LIMIT');
      return true;
    }
    if (this.#keep) {
      throw new CommandError(
        'ERR syntax error, MAXLEN and MINID options at the same time are not compatible',
      );
    }
    this.#readMark(options);
    const value = options.value();
    this.#keep = word === 'MAXLEN' ? { last: atLeastZero(value, 'MAXLEN') } : { from: streamId(value) };
    return true;
  }

  finish(): Trimming | undefined {
    if (this.#limit && !this.#keep) {
      throw new CommandError('ERR syntax error, LIMIT cannot be used without specifying a trimming strategy');
    }
    if (!this.#keep) return undefined;
    if (this.#limit !== undefined && !this.#approximately) {
      throw new CommandError('ERR syntax error, LIMIT cannot be used without the special ~ option');
    }
    const limit = this.#limit ?? (this.#approximately ? DEFAULT_LIMIT : 0);
    return { keep: this.#keep, approximately: this.#approximately, limit };
  }

  #readMark(options: Options): void {
    const mark = options.peek();
    if (options.left < 2 || (mark !== '~' && mark !== '=')) return;
    this.#approximately = mark === '~';
    options.word();
  }
}

function atLeastZero(text: string, option: string): number {
  const value = integer(text);
  if (value < 0) throw new CommandError(`ERR The ${option} argument must be >= 0.`);
  return value;
}

/** How many entries were dropped. They are recorded by their number: nodes are not the same after a restart. */
export function trim(call: Call, key: string, stream: Stream, trimming: Trimming): number {
  const { keep, approximately, limit } = trimming;
  const surplus =
    'last' in keep ? Math.max(0, stream.size - keep.last) : stream.entries.countBefore(keep.from);
  const dropped = approximately ? wholeNodes(Math.min(surplus, limit || Infinity)) : surplus;
  if (dropped === 0) return 0;
  stream.dropFirst(dropped);
  record(call, 'XTRIM', key, 'MAXLEN', '=', String(stream.size));
  call.db.changed(key, 't', 'xtrim');
  return dropped;
}

const wholeNodes = (entries: number) => entries - (entries % NODE_ENTRIES);
