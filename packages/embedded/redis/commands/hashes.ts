import { addInt64 } from '../numbers/int64.ts';
import { isInfinite } from '../numbers/long-double.ts';
import { CommandError, mapOf, OK, pairs, type Reply } from '../protocol/reply.ts';
import { isSmall } from '../values/encoding.ts';
import { Hash } from '../values/value.ts';
import { int64, isWord, NOT_A_FLOAT, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST, record } from './command.ts';
import { checkFloat, INFINITE_SUM, sumOfFloats } from './counters.ts';
import { pick, readPickCount } from './random-elements.ts';
import { readScanOptions, scanElements, scanReply } from './scan.ts';

function hashAt({ args, db }: Call): Hash | undefined {
  return db.get(args[1]!, 'hash');
}

function hashToChange(call: Call): Hash {
  const known = hashAt(call);
  if (known) return known;
  const created = new Hash();
  call.db.set(call.args[1]!, created);
  return created;
}

function setFields(call: Call): number {
  const { args, db } = call;
  if (args.length % 2 > 0) {
    throw new CommandError(`ERR wrong number of arguments for '${args[0]!.toLowerCase()}' command`);
  }
  const hash = hashToChange(call);
  let added = 0;
  for (let at = 2; at < args.length; at += 2) if (hash.set(args[at]!, args[at + 1]!)) added++;
  db.changed(args[1]!, 'h', 'hset');
  return added;
}

function hmset(call: Call): Reply {
  setFields(call);
  return OK;
}

function hsetNx(call: Call): Reply {
  const [, key, field, value] = call.args as [string, string, string, string];
  if (hashAt(call)?.has(field)) return 0;
  hashToChange(call).set(field, value);
  call.db.changed(key, 'h', 'hset');
  return 1;
}

const hget = (call: Call): Reply => hashAt(call)?.get(call.args[2]!)?.value ?? null;

function hmget(call: Call): Reply {
  const hash = hashAt(call);
  return call.args.slice(2).map((field) => hash?.get(field)?.value ?? null);
}

function hdel(call: Call): Reply {
  const { args, db } = call;
  const key = args[1]!;
  const hash = hashAt(call);
  if (!hash) return 0;
  let deleted = 0;
  for (const field of args.slice(2)) if (hash.delete(field)) deleted++;
  if (deleted > 0) {
    db.changed(key, 'h', 'hdel');
    db.dropIfEmpty(key, hash);
  }
  return deleted;
}

const hlen = (call: Call): Reply => hashAt(call)?.size ?? 0;
const hstrlen = (call: Call): Reply => hashAt(call)?.get(call.args[2]!)?.value.length ?? 0;
const hexists = (call: Call): Reply => (hashAt(call)?.has(call.args[2]!) ? 1 : 0);
const fieldsOf = (call: Call) => [...(hashAt(call) ?? [])];
const hkeys = (call: Call): Reply => fieldsOf(call).map(({ key }) => key);
const hvals = (call: Call): Reply => fieldsOf(call).map(({ value }) => value);
const hgetAll = (call: Call): Reply => mapOf(fieldsOf(call).map(({ key, value }) => [key, value] as const));

function hincrby(call: Call): Reply {
  const [, key, field, amount] = call.args as [string, string, string, string];
  const by = int64(amount);
  const old = int64(hashAt(call)?.get(field)?.value ?? '0', 'ERR hash value is not an integer');
  const sum = addInt64(old, by);
  if (sum === undefined) throw new CommandError('ERR increment or decrement would overflow');
  hashToChange(call).set(field, String(sum));
  call.db.changed(key, 'h', 'hincrby');
  return sum;
}

function hincrbyFloat(call: Call): Reply {
  const [, key, field, amount] = call.args as [string, string, string, string];
  checkFloat(amount, NOT_A_FLOAT);
  if (isInfinite(amount)) throw new CommandError('ERR value is NaN or Infinity');
  const old = hashAt(call)?.get(field)?.value ?? '0';
  checkFloat(old, 'ERR hash value is not a float');
  const sum = sumOfFloats(old, amount);
  if (sum === undefined) throw new CommandError(INFINITE_SUM);
  hashToChange(call).set(field, sum);
  record(call, 'HSET', key, field, sum);
  call.db.changed(key, 'h', 'hincrbyfloat');
  return sum;
}

function hrandField(call: Call): Reply {
  const { args } = call;
  if (args.length > 4 || (args.length === 4 && !isWord(args[3], 'WITHVALUES'))) throw syntaxError();
  if (args.length === 2) return hashAt(call)?.random().key ?? null;
  const count = readPickCount(args[2]!);
  const hash = hashAt(call);
  const fields = hash ? pick(hash, count) : [];
  return args.length === 4
    ? pairs(fields.map(({ key, value }) => [key, value] as const))
    : fields.map(({ key }) => key);
}

function hscan(call: Call): Reply {
  const options = readScanOptions(call.args, 2);
  const hash = hashAt(call);
  const { cursor, found } = scanElements(hash, hash !== undefined && isSmall(hash), options);
  return scanReply(
    cursor,
    found.flatMap(({ key, value }) => [key, value]),
  );
}

export const hashCommands: readonly Command[] = [
  { name: 'hset', arity: -4, flags: 'write denyoom fast', keys: FIRST, run: setFields },
  { name: 'hmset', arity: -4, flags: 'write denyoom fast', keys: FIRST, run: hmset },
  { name: 'hsetnx', arity: 4, flags: 'write denyoom fast', keys: FIRST, run: hsetNx },
  { name: 'hget', arity: 3, flags: 'readonly fast', keys: FIRST, run: hget },
  { name: 'hmget', arity: -3, flags: 'readonly fast', keys: FIRST, run: hmget },
  { name: 'hdel', arity: -3, flags: 'write fast', keys: FIRST, run: hdel },
  { name: 'hlen', arity: 2, flags: 'readonly fast', keys: FIRST, run: hlen },
  { name: 'hstrlen', arity: 3, flags: 'readonly fast', keys: FIRST, run: hstrlen },
  { name: 'hexists', arity: 3, flags: 'readonly fast', keys: FIRST, run: hexists },
  { name: 'hkeys', arity: 2, flags: 'readonly', keys: FIRST, run: hkeys },
  { name: 'hvals', arity: 2, flags: 'readonly', keys: FIRST, run: hvals },
  { name: 'hgetall', arity: 2, flags: 'readonly', keys: FIRST, run: hgetAll },
  { name: 'hincrby', arity: 4, flags: 'write denyoom fast', keys: FIRST, run: hincrby },
  { name: 'hincrbyfloat', arity: 4, flags: 'write denyoom fast', keys: FIRST, run: hincrbyFloat },
  { name: 'hrandfield', arity: -2, flags: 'readonly', keys: FIRST, run: hrandField },
  { name: 'hscan', arity: -3, flags: 'readonly', keys: FIRST, run: hscan },
];
