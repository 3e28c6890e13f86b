/** Reads arguments, and answers in Redis' words when they are not what they should be. */
import { parseDouble } from '../numbers/double.ts';
import { type Int64, parseInt64 } from '../numbers/int64.ts';
import { CommandError } from '../protocol/reply.ts';

const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
export const NOT_A_FLOAT = 'ERR value is not a valid float';
const SYNTAX = 'ERR syntax error';

export const syntaxError = () => new CommandError(SYNTAX);

/** For options that a subcommand does not have. */
export const badSubcommandUse = ([name, subcommand]: readonly string[]) =>
  new CommandError(
    `ERR unknown subcommand or wrong number of arguments for '${subcommand}'. Try ${name!.toUpperCase()} HELP.`,
  );

export function int64(text: string, message = NOT_AN_INTEGER): Int64 {
  const value = parseInt64(text);
  if (value === undefined) throw new CommandError(message);
  return value;
}

/** For counts and positions, where it does not matter that the largest lose their last digits. */
export function integer(text: string, message?: string): number {
  return Number(int64(text, message));
}

export function integerFrom(
  text: string,
  least: number,
  message = 'ERR value is out of range, must be positive',
): number {
  const value = integer(text, message);
  if (value < least) throw new CommandError(message);
  return value;
}

/** Redis reads counts and cursors of some commands as a C `long`, with a range of its own. */
export function integerWithin(text: string, least: number, most: number, message: string): number {
  const value = integer(text, message);
  if (value < least || value > most) throw new CommandError(message);
  return value;
}

export function float(text: string, message = NOT_A_FLOAT): number {
  const value = parseDouble(text);
  if (value === undefined) throw new CommandError(message);
  return value;
}

export const isWord = (text: string | undefined, word: string): boolean => text?.toUpperCase() === word;

/** Goes through options such as `COUNT 10 MATCH x`. */
export class Options {
  readonly #args: readonly string[];
  #at: number;

  constructor(args: readonly string[], from: number) {
    this.#args = args;
    this.#at = from;
  }

  get done(): boolean {
    return this.#at >= this.#args.length;
  }

  /** How many arguments are left. */
  get left(): number {
    return this.#args.length - this.#at;
  }

  /** The next argument in upper case. */
  word(): string {
    return this.value().toUpperCase();
  }

  /** The next argument as it is; a syntax error where there is none. */
  value(): string {
    const value = this.#args[this.#at++];
    if (value === undefined) throw syntaxError();
    return value;
  }

  peek(): string | undefined {
    return this.#args[this.#at]?.toUpperCase();
  }

  rest(): readonly string[] {
    const rest = this.#args.slice(this.#at);
    this.#at = this.#args.length;
    return rest;
  }
}
