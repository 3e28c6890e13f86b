/** CLIENT KILL: by address as of old, or by filters that must all hold. */
import type { Client } from '../client.ts';
import { CommandError } from '../protocol/reply.ts';
import { integer, isWord, Options, syntaxError } from './arguments.ts';

type Filter = (client: Client) => boolean;
type TypeReader = readonly [read: (text: string) => string, of: (client: Client) => string];

export interface Kill {
  matches: Filter;
  /** The old form: it is an error when there is no such client. */
  oneOnly: boolean;
}

export function readKill(args: readonly string[], self: Client, type: TypeReader): Kill {
  if (args.length === 3) return { matches: ({ address }) => address === args[2], oneOnly: true };
  const options = new Options(args, 2);
  const filters: Filter[] = [];
  let sparesSelf = true;
  while (!options.done) {
    const word = options.word();
    const value = options.value();
    if (word === 'SKIPME') sparesSelf = readYesNo(value);
    else filters.push(readFilter(word, value, type));
  }
  if (sparesSelf) filters.push((client) => client !== self);
  return { matches: (client) => filters.every((filter) => filter(client)), oneOnly: false };
}

function readFilter(word: string, value: string, [readType, typeOf]: TypeReader): Filter {
  switch (word) {
    case 'ID': {
      const id = integer(value, 'ERR client-id should be greater than 0');
      if (id < 1) throw new CommandError('ERR client-id should be greater than 0');
      return (client) => client.id === id;
    }
    case 'ADDR':
      return ({ address }) => address === value;
    case 'LADDR':
      return ({ localAddress }) => localAddress === value;
    case 'TYPE': {
      const type = readType(value);
      return (client) => typeOf(client) === type;
    }
    case 'USER':
      if (value !== 'default') throw new CommandError(`ERR No such user '${value}'`);
      return () => true;
    default:
      throw syntaxError();
  }
}

function readYesNo(text: string): boolean {
  if (isWord(text, 'YES')) return true;
  if (isWord(text, 'NO')) return false;
  throw syntaxError();
}
