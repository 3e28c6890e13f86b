/** What SCAN, HSCAN, SSCAN and ZSCAN have in common: cursors and options. */
import { matchesGlob } from '../keyspace/glob.ts';
import { CommandError, type Reply } from '../protocol/reply.ts';
import type { Indexed, IndexedMap } from '../values/indexed-map.ts';
import { integer, Options, syntaxError } from './arguments.ts';

export interface ScanOptions {
  cursor: number;
  count: number;
  matches(key: string): boolean;
  /** Only SCAN itself takes a type. */
  type: string | undefined;
}

const DEFAULT_COUNT = 10;

export function readScanOptions(args: readonly string[], cursorAt: number): ScanOptions {
  const read: ScanOptions = {
    cursor: readCursor(args[cursorAt]!),
    count: DEFAULT_COUNT,
    matches,
    type: undefined,
  };
  const options = new Options(args, cursorAt + 1);
  while (!options.done) {
    const word = options.word();
    if (word === 'COUNT') read.count = readCount(options.value());
    else if (word === 'MATCH') read.matches = matching(options.value());
    else if (word === 'TYPE' && cursorAt === 1) read.type = options.value().toLowerCase();
    else throw syntaxError();
  }
  return read;
}

const matches = () => true;
const matching = (pattern: string) =>
  pattern === '*' ? matches : (key: string) => matchesGlob(pattern, key);

function readCursor(text: string): number {
  if (!/^\d{1,20}$/.test(text)) throw new CommandError('ERR invalid cursor');
  return Number(text);
}

function readCount(text: string): number {
  const count = integer(text);
  if (count < 1) throw syntaxError();
  return count;
}

/** What is small comes as a whole, whatever the count, as from Redis' compact encodings. */
export function scanElements<E extends Indexed>(
  elements: IndexedMap<E> | undefined,
  isSmall: boolean,
  options: ScanOptions,
): { cursor: string; found: E[] } {
  if (!elements) return { cursor: '0', found: [] };
  const { cursor, elements: page } = isSmall
    ? { cursor: 0, elements: [...elements] }
    : elements.scan(options.cursor, options.count);
  return { cursor: String(cursor), found: page.filter(({ key }) => options.matches(key)) };
}

export const scanReply = (cursor: string, items: readonly Reply[]): Reply => [cursor, items];
