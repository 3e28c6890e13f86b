/** Commands that say how many keys they name, such as ZUNION 2 a b. */
import { CommandError } from '../protocol/reply.ts';
import { integerFrom, syntaxError } from './arguments.ts';

export interface NumberedKeys {
  keys: readonly string[];
  /** Where the options start. */
  next: number;
}

export function keysAfterCount(
  args: readonly string[],
  countAt: number,
  tooMany: () => CommandError = () =>
    new CommandError("ERR Number of keys can't be greater than number of args"),
): NumberedKeys {
  const count = integerFrom(args[countAt]!, 1, 'ERR numkeys should be greater than 0');
  const next = countAt + 1 + count;
  if (next > args.length) throw tooMany();
  return { keys: args.slice(countAt + 1, next), next };
}

/** Most commands answer with a syntax error when there are fewer keys than they were told. */
export const keysAfterCountOrSyntaxError = (args: readonly string[], countAt: number): NumberedKeys =>
  keysAfterCount(args, countAt, syntaxError);
