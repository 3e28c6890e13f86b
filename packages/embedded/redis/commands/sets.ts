import { type Reply, setOf } from '../protocol/reply.ts';
import { isSmall } from '../values/encoding.ts';
import { MemberSet } from '../values/value.ts';
import { integerFrom, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST, FIRST_TWO, record } from './command.ts';
import { pick, readPickCount } from './random-elements.ts';
import { readScanOptions, scanElements, scanReply } from './scan.ts';

function setAt({ args, db }: Call): MemberSet | undefined {
  return db.get(args[1]!, 'set');
}

function sadd(call: Call): Reply {
  const { args, db } = call;
  const key = args[1]!;
  const known = setAt(call);
  const set = known ?? new MemberSet();
  if (!known) db.set(key, set);
  let added = 0;
  for (const member of args.slice(2)) if (set.include(member)) added++;
  if (added > 0) db.changed(key, 's', 'sadd');
  return added;
}

function srem(call: Call): Reply {
  const { args, db } = call;
  const key = args[1]!;
  const set = setAt(call);
  if (!set) return 0;
  let removed = 0;
  for (const member of args.slice(2)) if (set.delete(member)) removed++;
  if (removed > 0) {
    db.changed(key, 's', 'srem');
    db.dropIfEmpty(key, set);
  }
  return removed;
}

function smove({ args, db }: Call): Reply {
  const [, from, to, member] = args as [string, string, string, string];
  const source = db.get(from, 'set');
  if (!source) return 0;
  const target = db.get(to, 'set');
  if (!source.has(member)) return 0;
  if (source === target) return 1;
  source.delete(member);
  db.changed(from, 's', 'srem');
  db.dropIfEmpty(from, source);
  const receiver = target ?? new MemberSet();
  if (!target) db.set(to, receiver);
  if (receiver.include(member)) db.changed(to, 's', 'sadd');
  return 1;
}

const smembers = (call: Call): Reply => setOf(setAt(call)?.keys() ?? []);
const scard = (call: Call): Reply => setAt(call)?.size ?? 0;
const sismember = (call: Call): Reply => (setAt(call)?.has(call.args[2]!) ? 1 : 0);

function smismember(call: Call): Reply {
  const set = setAt(call);
  return call.args.slice(2).map((member) => (set?.has(member) ? 1 : 0));
}

function spop(call: Call): Reply {
  const { args } = call;
  if (args.length > 3) throw syntaxError();
  const count = args.length === 3 ? integerFrom(args[2]!, 0) : undefined;
  const set = setAt(call);
  const members = set ? pick(set, count ?? 1).map(({ key }) => key) : [];
  if (set && members.length > 0) takeOut(call, set, members);
  return count === undefined ? (members[0] ?? null) : setOf(members);
}

function takeOut(call: Call, set: MemberSet, members: readonly string[]): void {
  const key = call.args[1]!;
  for (const member of members) set.delete(member);
  record(call, 'SREM', key, ...members);
  call.db.changed(key, 's', 'spop');
  call.db.dropIfEmpty(key, set);
}

function srandMember(call: Call): Reply {
  const { args } = call;
  if (args.length > 3) throw syntaxError();
  if (args.length === 2) return setAt(call)?.random().key ?? null;
  const count = readPickCount(args[2]!);
  const set = setAt(call);
  return set ? pick(set, count).map(({ key }) => key) : [];
}

function sscan(call: Call): Reply {
  const options = readScanOptions(call.args, 2);
  const set = setAt(call);
  const { cursor, found } = scanElements(set, set !== undefined && isSmall(set), options);
  return scanReply(
    cursor,
    found.map(({ key }) => key),
  );
}

export const setCommands: readonly Command[] = [
  { name: 'sadd', arity: -3, flags: 'write denyoom fast', keys: FIRST, run: sadd },
  { name: 'srem', arity: -3, flags: 'write fast', keys: FIRST, run: srem },
  { name: 'smove', arity: 4, flags: 'write fast', keys: FIRST_TWO, run: smove },
  { name: 'smembers', arity: 2, flags: 'readonly', keys: FIRST, run: smembers },
  { name: 'scard', arity: 2, flags: 'readonly fast', keys: FIRST, run: scard },
  { name: 'sismember', arity: 3, flags: 'readonly fast', keys: FIRST, run: sismember },
  { name: 'smismember', arity: -3, flags: 'readonly fast', keys: FIRST, run: smismember },
  { name: 'spop', arity: -2, flags: 'write fast', keys: FIRST, run: spop },
  { name: 'srandmember', arity: -2, flags: 'readonly', keys: FIRST, run: srandMember },
  { name: 'sscan', arity: -3, flags: 'readonly', keys: FIRST, run: sscan },
];
