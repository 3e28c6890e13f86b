/** SORT: a list, set or sorted set in order, by itself or by what other keys hold. */
import { type Database, WRONG_TYPE } from '../keyspace/database.ts';
import { parseDouble } from '../numbers/double.ts';
import { CommandError, type Reply } from '../protocol/reply.ts';
import { List } from '../values/value.ts';
import { integer, Options, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST } from './command.ts';

interface Query {
  by: string | undefined;
  offset: number;
  count: number;
  gets: readonly string[];
  descending: boolean;
  alphabetic: boolean;
  store: string | undefined;
}

function readQuery(args: readonly string[], mayStore: boolean): Query {
  const options = new Options(args, 2);
  const gets: string[] = [];
  const query: Query = {
    by: undefined,
    offset: 0,
    count: -1,
    gets,
    descending: false,
    alphabetic: false,
    store: undefined,
  };
  while (!options.done) {
    const word = options.word();
    if (word === 'ASC') query.descending = false;
    else if (word === 'DESC') query.descending = true;
    else if (word === 'ALPHA') query.alphabetic = true;
    else if (word === 'BY') query.by = options.value();
    else if (word === 'GET') gets.push(options.value());
    else if (word === 'STORE' && mayStore) query.store = options.value();
    else if (word === 'LIMIT' && options.left >= 2) {
      query.offset = integer(options.value());
      query.count = integer(options.value());
    } else throw syntaxError();
  }
  return query;
}

/** In the order in which they stand; that of a plain set is no order, so it is sorted if it is to be stored. */
function elementsAt(db: Database, key: string): readonly string[] {
  const value = db.entry(key)?.value;
  if (value === undefined) return [];
  if (typeof value !== 'string') {
    if (value.type === 'list') return value.slice(0, value.length);
    if (value.type === 'set') return value.keys();
    if (value.type === 'zset') return value.ranks.slice().map((member) => member.key);
  }
  throw new CommandError(WRONG_TYPE);
}

/** `weight_*` for a string, `item_*->price` for a field of a hash, `#` for the element itself. */
function lookUp(db: Database, pattern: string, element: string): string | undefined {
  if (pattern === '#') return element;
  if (!pattern.includes('*')) return undefined;
  const arrow = pattern.indexOf('->', pattern.indexOf('*'));
  const hasField = arrow >= 0 && arrow + 2 < pattern.length;
  const key = (hasField ? pattern.slice(0, arrow) : pattern).replace('*', () => element);
  if (hasField) return db.getIf(key, 'hash')?.get(pattern.slice(arrow + 2))?.value;
  return db.getIf(key, 'string');
}

function inOrder(db: Database, elements: readonly string[], query: Query): readonly string[] {
  const { by, alphabetic, descending } = query;
  const isSorted = by === undefined || by.includes('*');
  if (!isSorted) return elements;
  const weighed = elements.map((element) => {
    const text = by === undefined ? element : lookUp(db, by, element);
    return { element, weight: alphabetic ? (text ?? '') : weightOf(text) };
  });
  const sign = descending ? -1 : 1;
  weighed.sort((a, b) => {
    if (a.weight !== b.weight) return a.weight < b.weight ? -sign : sign;
    return a.element < b.element ? -sign : a.element > b.element ? sign : 0;
  });
  return weighed.map(({ element }) => element);
}

function weightOf(text: string | undefined): number {
  const weight = text === undefined || text === '' ? 0 : parseDouble(text);
  if (weight === undefined) throw new CommandError("ERR One or more scores can't be converted into double");
  return weight;
}

function find(db: Database, key: string, query: Query): (string | null)[] {
  const ordered = inOrder(db, elementsAt(db, key), query);
  const start = Math.max(0, query.offset);
  const page = ordered.slice(start, query.count < 0 ? undefined : start + query.count);
  if (query.gets.length === 0) return [...page];
  return page.flatMap((element) => query.gets.map((pattern) => lookUp(db, pattern, element) ?? null));
}

const sort =
  (mayStore: boolean) =>
  ({ args, db }: Call): Reply => {
    const query = readQuery(args, mayStore);
    const found = find(db, args[1]!, query);
    if (query.store === undefined) return found;
    storeList(db, query.store, found);
    return found.length;
  };

function storeList(db: Database, key: string, items: readonly (string | null)[]): void {
  if (items.length > 0) {
    const list = new List();
    list.replaceAll(items.map((item) => item ?? ''));
    db.set(key, list);
    db.changed(key, 'l', 'sortstore');
  } else if (db.delete(key)) {
    db.changed(key, 'g', 'del');
  }
}

const keysOf = (args: readonly string[]): readonly string[] => {
  const store = args.findIndex((arg, at) => at > 1 && arg.toUpperCase() === 'STORE');
  return store > 0 && args[store + 1] !== undefined ? [args[1]!, args[store + 1]!] : [args[1]!];
};

export const sortCommands: readonly Command[] = [
  {
    name: 'sort',
    arity: -2,
    flags: 'write denyoom movablekeys',
    keys: FIRST,
    findKeys: keysOf,
    run: sort(true),
  },
  { name: 'sort_ro', arity: -2, flags: 'readonly movablekeys', keys: FIRST, run: sort(false) },
];
