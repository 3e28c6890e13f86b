/** Intersections, unions and differences of sets. */
import { type Reply, setOf } from '../protocol/reply.ts';
import { MemberSet } from '../values/value.ts';
import { integerFrom, Options, syntaxError } from './arguments.ts';
import { ALL, type Call, type Command } from './command.ts';
import { keysAfterCount } from './numbered-keys.ts';

type Combine = (sets: readonly (MemberSet | undefined)[]) => string[];

function intersection(sets: readonly (MemberSet | undefined)[], limit = Infinity): string[] {
  const bySize = [...sets].sort((a, b) => (a?.size ?? 0) - (b?.size ?? 0));
  const [smallest, ...others] = bySize;
  const common: string[] = [];
  for (const { key } of smallest ?? []) {
    if (common.length >= limit) break;
    if (others.every((other) => other?.has(key))) common.push(key);
  }
  return common;
}

function union(sets: readonly (MemberSet | undefined)[]): string[] {
  const members = new Set<string>();
  for (const set of sets) for (const { key } of set ?? []) members.add(key);
  return [...members];
}

function difference([first, ...others]: readonly (MemberSet | undefined)[]): string[] {
  return (first?.keys() ?? []).filter((key) => !others.some((other) => other?.has(key)));
}

const setsAt = ({ db }: Call, keys: readonly string[]) => keys.map((key) => db.get(key, 'set'));

const tell =
  (combine: Combine) =>
  (call: Call): Reply =>
    setOf(combine(setsAt(call, call.args.slice(1))));

const store =
  (combine: Combine, event: string) =>
  (call: Call): Reply => {
    const { args, db } = call;
    const target = args[1]!;
    const members = combine(setsAt(call, args.slice(2)));
    const result = new MemberSet();
    for (const member of members) result.include(member);
    if (result.size > 0) {
      db.set(target, result);
      db.changed(target, 's', event);
    } else if (db.peek(target)) {
      db.delete(target);
      db.changed(target, 'g', 'del');
    }
    return result.size;
  };

function sintercard(call: Call): Reply {
  const { keys, next } = keysAfterCount(call.args, 1);
  const options = new Options(call.args, next);
  let limit = 0;
  while (!options.done) {
    if (options.word() !== 'LIMIT') throw syntaxError();
    limit = integerFrom(options.value(), 0, "ERR LIMIT can't be negative");
  }
  return intersection(setsAt(call, keys), limit || Infinity).length;
}

const all = (sets: readonly (MemberSet | undefined)[]) => intersection(sets);

export const setAlgebraCommands: readonly Command[] = [
  { name: 'sinter', arity: -2, flags: 'readonly', keys: ALL, run: tell(all) },
  { name: 'sunion', arity: -2, flags: 'readonly', keys: ALL, run: tell(union) },
  { name: 'sdiff', arity: -2, flags: 'readonly', keys: ALL, run: tell(difference) },
  { name: 'sinterstore', arity: -3, flags: 'write denyoom', keys: ALL, run: store(all, 'sinterstore') },
  { name: 'sunionstore', arity: -3, flags: 'write denyoom', keys: ALL, run: store(union, 'sunionstore') },
  { name: 'sdiffstore', arity: -3, flags: 'write denyoom', keys: ALL, run: store(difference, 'sdiffstore') },
  {
    name: 'sintercard',
    arity: -3,
    flags: 'readonly movablekeys',
    findKeys: (args) => keysAfterCount(args, 1).keys,
    run: sintercard,
  },
];
