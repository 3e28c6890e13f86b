/** Intersections, unions and differences of sorted sets. Plain sets take part, with a score of 1 for each member. */
import { WRONG_TYPE } from '../keyspace/database.ts';
import { CommandError, double, pairs, type Reply } from '../protocol/reply.ts';
import { float, integer, integerFrom, Options, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST } from './command.ts';
import { keysAfterCount, keysAfterCountOrSyntaxError, type NumberedKeys } from './numbered-keys.ts';
import { storeMembers } from './zset-range-commands.ts';

type Scores = ReadonlyMap<string, number>;
type Aggregate = (a: number, b: number) => number;
type Operation = 'union' | 'inter' | 'diff';

/** Infinity and its opposite make 0. */
const sum: Aggregate = (a, b) => orZero(a + b);
const orZero = (score: number) => (Number.isNaN(score) ? 0 : score);

const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  SUM: sum,
  MIN: (a, b) => Math.min(a, b),
  MAX: (a, b) => Math.max(a, b),
};

interface Query {
  sources: readonly Scores[];
  weights: readonly number[];
  aggregate: Aggregate;
  withScores: boolean;
}

function readKeys(args: readonly string[], countAt: number): NumberedKeys {
  const count = integer(args[countAt]!);
  if (count < 1) {
    throw new CommandError(`ERR at least 1 input key is needed for '${args[0]!.toLowerCase()}' command`);
  }
  return keysAfterCountOrSyntaxError(args, countAt);
}

function readQuery(call: Call, countAt: number, operation: Operation, stores: boolean): Query {
  const { args } = call;
  const { keys, next } = readKeys(args, countAt);
  const query = plainQuery(call, keys);
  const options = new Options(args, next);
  while (!options.done) {
    const word = options.word();
    if (word === 'WEIGHTS' && operation !== 'diff' && options.left >= keys.length) {
      query.weights = keys.map(() => float(options.value(), 'ERR weight value is not a float'));
    } else if (word === 'AGGREGATE' && operation !== 'diff') {
      query.aggregate = AGGREGATES[options.word()] ?? refuse();
    } else if (word === 'WITHSCORES' && !stores) {
      query.withScores = true;
    } else {
      throw syntaxError();
    }
  }
  return query;
}

function plainQuery(call: Call, keys: readonly string[]): Query {
  const sources = keys.map((key) => scoresAt(call, key));
  return { sources, weights: keys.map(() => 1), aggregate: sum, withScores: false };
}

const refuse = () => {
  throw syntaxError();
};

function scoresAt({ db }: Call, key: string): Scores {
  const value = db.entry(key)?.value;
  if (value === undefined) return new Map();
  if (typeof value === 'string') throw new CommandError(WRONG_TYPE);
  const scores = new Map<string, number>();
  if (value.type === 'set') for (const member of value) scores.set(member.key, 1);
  else if (value.type === 'zset')
    for (const { key: member, score } of value.members) scores.set(member, score);
  else throw new CommandError(WRONG_TYPE);
  return scores;
}

function combine(operation: Operation, query: Query): Scores {
  const weighted = query.sources.map((scores, place) => weigh(scores, query.weights[place]!));
  const [first, ...others] = weighted as [Scores, ...Scores[]];
  const result = new Map<string, number>();
  if (operation === 'union') {
    for (const scores of weighted) {
      for (const [member, score] of scores) {
        const known = result.get(member);
        result.set(member, known === undefined ? score : query.aggregate(known, score));
      }
    }
    return result;
  }
  for (const [member, score] of first) {
    const found = others.map((scores) => scores.get(member));
    if (operation === 'diff' && found.every((other) => other === undefined)) result.set(member, score);
    if (operation === 'inter' && !found.includes(undefined)) {
      result.set(member, (found as number[]).reduce(query.aggregate, score));
    }
  }
  return result;
}

function weigh(scores: Scores, weight: number): Scores {
  if (weight === 1) return scores;
  return new Map([...scores].map(([member, score]) => [member, orZero(score * weight)]));
}

const tell =
  (operation: Operation) =>
  (call: Call): Reply => {
    const query = readQuery(call, 1, operation, false);
    const members = inOrder(combine(operation, query));
    return query.withScores
      ? pairs(members.map(([member, score]) => [member, double(score)] as const))
      : members.map(([member]) => member);
  };

function inOrder(scores: Scores): [string, number][] {
  return [...scores].sort(([a, scoreA], [b, scoreB]) => scoreA - scoreB || (a < b ? -1 : 1));
}

const store =
  (operation: Operation) =>
  (call: Call): Reply => {
    const query = readQuery(call, 2, operation, true);
    const scores = combine(operation, query);
    const members = [...scores].map(([key, score]) => ({ key, score }));
    return storeMembers(call, members, call.args[0]!.toLowerCase());
  };

function zintercard(call: Call): Reply {
  const { keys, next } = readKeys(call.args, 1);
  const options = new Options(call.args, next);
  let limit = 0;
  while (!options.done) {
    if (options.word() !== 'LIMIT') throw syntaxError();
    limit = integerFrom(options.value(), 0, "ERR LIMIT can't be negative");
  }
  const { size } = combine('inter', plainQuery(call, keys));
  return limit === 0 ? size : Math.min(limit, size);
}

const reading = (name: string, run: Command['run']): Command => ({
  name,
  arity: -3,
  flags: 'readonly movablekeys',
  findKeys: (args) => keysAfterCount(args, 1).keys,
  run,
});

const storing = (name: string, operation: Operation): Command => ({
  name,
  arity: -4,
  flags: 'write denyoom movablekeys',
  keys: FIRST,
  findKeys: (args) => [args[1]!, ...keysAfterCount(args, 2).keys],
  run: store(operation),
});

export const zsetAlgebraCommands: readonly Command[] = [
  reading('zunion', tell('union')),
  reading('zinter', tell('inter')),
  reading('zdiff', tell('diff')),
  reading('zintercard', zintercard),
  storing('zunionstore', 'union'),
  storing('zinterstore', 'inter'),
  storing('zdiffstore', 'diff'),
];
