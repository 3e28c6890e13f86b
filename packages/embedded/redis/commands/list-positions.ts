/** LPOS, and where LREM finds what it removes. */
import { CommandError, type Reply } from '../protocol/reply.ts';
import { int64, integerFrom, Options, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST } from './command.ts';

export interface Search {
  backwards: boolean;
  /** How many to find. */
  limit: number;
  /** How many to pass over. */
  skip?: number;
  /** How many elements to look at. */
  reach?: number;
}

export function positions(values: readonly string[], wanted: string, search: Search): number[] {
  const { backwards, limit, skip = 0, reach = Infinity } = search;
  const found: number[] = [];
  let passed = 0;
  for (let step = 0; step < Math.min(values.length, reach) && found.length < limit; step++) {
    const index = backwards ? values.length - 1 - step : step;
    if (values[index] === wanted && passed++ >= skip) found.push(index);
  }
  return found;
}

const LOWEST_RANK = -(2n ** 63n);

function lpos({ args, db }: Call): Reply {
  const options = new Options(args, 3);
  let rank = 1;
  let count: number | undefined;
  let reach = Infinity;
  while (!options.done) {
    const word = options.word();
    if (word === 'RANK') rank = readRank(options.value());
    else if (word === 'COUNT') count = integerFrom(options.value(), 0, "ERR COUNT can't be negative");
    else if (word === 'MAXLEN')
      reach = integerFrom(options.value(), 0, "ERR MAXLEN can't be negative") || Infinity;
    else throw syntaxError();
  }
  const list = db.get(args[1]!, 'list');
  const values = list?.slice(0, list.length) ?? [];
  const limit = count === undefined ? 1 : count || Infinity;
  const found = positions(values, args[2]!, { backwards: rank < 0, limit, skip: Math.abs(rank) - 1, reach });
  return count === undefined ? (found[0] ?? null) : found;
}

function readRank(text: string): number {
  const rank = int64(text);
  if (rank === LOWEST_RANK) {
    throw new CommandError(
      'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
    );
  }
  if (rank === 0) {
    throw new CommandError(
      "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to " +
        'start from the end of the list',
    );
  }
  return Number(rank);
}

export const listPositionCommands: readonly Command[] = [
  { name: 'lpos', arity: -3, flags: 'readonly', keys: FIRST, run: lpos },
];
