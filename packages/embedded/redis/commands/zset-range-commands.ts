/** ZRANGE in all its forms. */
import { CommandError, double, pairs, type Reply } from '../protocol/reply.ts';
import { type ScoredMember, SortedSet } from '../values/sorted-set.ts';
import { integer, Options, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST, FIRST_TWO } from './command.ts';
import {
  fromTheEnd,
  lexRange,
  membersIn,
  type Page,
  type Range,
  rankRange,
  scoreRange,
  WHOLE,
} from './zset-ranges.ts';

type By = 'rank' | 'score' | 'lex';

/** What a command fixes; what it leaves open its options may say. */
interface Form {
  by?: By;
  reverse?: boolean;
  /** Into the first key, from the second. */
  stores?: boolean;
}

interface Query {
  by: By;
  reverse: boolean;
  page: Page;
  withScores: boolean;
}

function readQuery(args: readonly string[], from: number, form: Form): Query {
  let { by, reverse } = form;
  let page = WHOLE;
  let withScores = false;
  const options = new Options(args, from);
  while (!options.done) {
    const word = options.word();
    if (word === 'WITHSCORES' && !form.stores) withScores = true;
    else if (word === 'LIMIT') page = readPage(options);
    else if (word === 'REV' && reverse === undefined) reverse = true;
    else if (word === 'BYLEX' && by === undefined) by = 'lex';
    else if (word === 'BYSCORE' && by === undefined) by = 'score';
    else throw syntaxError();
  }
  const query: Query = { by: by ?? 'rank', reverse: reverse ?? false, page, withScores };
  if (query.page.count !== -1 && query.by === 'rank') {
    throw new CommandError(
      'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
    );
  }
  if (query.withScores && query.by === 'lex') {
    throw new CommandError('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  return query;
}

function readPage(options: Options): Page {
  if (options.left < 2) throw syntaxError();
  return { offset: integer(options.value()), count: integer(options.value()) };
}

function readRange(first: string, last: string, { by, reverse }: Query): Range {
  if (by === 'rank') return reverse ? fromTheEnd(rankRange(first, last)) : rankRange(first, last);
  const [min, max] = reverse ? [last, first] : [first, last];
  return by === 'score' ? scoreRange(min, max) : lexRange(min, max);
}

function find(call: Call, form: Form): { members: ScoredMember[]; withScores: boolean } {
  const { args, db } = call;
  const keyAt = form.stores ? 2 : 1;
  const query = readQuery(args, keyAt + 3, form);
  const range = readRange(args[keyAt + 1]!, args[keyAt + 2]!, query);
  const set = db.get(args[keyAt]!, 'zset');
  const page = query.by === 'rank' ? WHOLE : query.page;
  return { members: set ? membersIn(set, range, query.reverse, page) : [], withScores: query.withScores };
}

const tell =
  (form: Form) =>
  (call: Call): Reply => {
    const { members, withScores } = find(call, form);
    return withScores ? membersWithScores(members) : members.map(({ key }) => key);
  };

export const membersWithScores = (members: readonly ScoredMember[]): Reply =>
  pairs(members.map(({ key, score }) => [key, double(score)] as const));

function store(call: Call): Reply {
  const { members } = find(call, { stores: true });
  return storeMembers(call, members, 'zrangestore');
}

/** Puts the members under the command's first key, in the place of what was there. */
export function storeMembers(
  { args, db }: Call,
  members: Iterable<{ key: string; score: number }>,
  event: string,
): Reply {
  const target = args[1]!;
  const result = new SortedSet();
  for (const { key, score } of members) result.set(key, score);
  if (result.size > 0) {
    db.set(target, result);
    db.changed(target, 'z', event);
  } else if (db.peek(target)) {
    db.delete(target);
    db.changed(target, 'g', 'del');
  }
  return result.size;
}

const range = (name: string, form: Form): Command => ({
  name,
  arity: -4,
  flags: 'readonly',
  keys: FIRST,
  run: tell(form),
});

export const zsetRangeCommands: readonly Command[] = [
  range('zrange', {}),
  range('zrevrange', { by: 'rank', reverse: true }),
  range('zrangebyscore', { by: 'score', reverse: false }),
  range('zrevrangebyscore', { by: 'score', reverse: true }),
  range('zrangebylex', { by: 'lex', reverse: false }),
  range('zrevrangebylex', { by: 'lex', reverse: true }),
  { name: 'zrangestore', arity: -5, flags: 'write denyoom', keys: FIRST_TWO, run: store },
];
