/** EXPIRE and its relatives, and how SET and GETEX say when a key goes. */
import { CommandError, type Reply } from '../protocol/reply.ts';
import { integer, Options } from './arguments.ts';
import { type Call, type Command, FIRST, record } from './command.ts';

export type ExpiryUnit = 'EX' | 'PX' | 'EXAT' | 'PXAT';

/** Later ones could not be counted in milliseconds exactly: the year 287396. */
const LATEST = Number.MAX_SAFE_INTEGER;

export const isExpiryUnit = (word: string): word is ExpiryUnit =>
  word === 'EX' || word === 'PX' || word === 'EXAT' || word === 'PXAT';

/** When it goes, in milliseconds since 1970. What SET sets must last for some time. */
export function expiryOption(call: Call, unit: ExpiryUnit, text: string): number {
  const amount = integer(text);
  const at = expiryTime(call, unit, amount);
  if (amount <= 0 || at === undefined) throw invalidExpiry(call);
  return at;
}

/** Undefined when that is beyond all times. */
function expiryTime({ db }: Call, unit: ExpiryUnit, amount: number): number | undefined {
  const ms = unit === 'EX' || unit === 'EXAT' ? amount * 1000 : amount;
  const at = unit === 'EX' || unit === 'PX' ? db.now + ms : ms;
  return Math.abs(at) > LATEST ? undefined : at;
}

const invalidExpiry = ({ args }: Call) =>
  new CommandError(`ERR invalid expire time in '${args[0]!.toLowerCase()}' command`);

/** Redis deletes a key at once that is given a time that has passed. While the log is replayed, no time has. */
export function expireAt(call: Call, key: string, at: number): void {
  const { db } = call;
  if (at <= db.now) {
    db.delete(key);
    record(call, 'DEL', key);
    db.changed(key, 'g', 'del');
    return;
  }
  db.setExpiry(key, at);
  record(call, 'PEXPIREAT', key, String(at));
  db.changed(key, 'g', 'expire');
}

const expireBy =
  (unit: ExpiryUnit) =>
  (call: Call): Reply => {
    const { args, db } = call;
    const key = args[1]!;
    const condition = readCondition(args);
    const amount = integer(args[2]!);
    const at = expiryTime(call, unit, amount);
    if (at === undefined) throw invalidExpiry(call);
    const entry = db.entry(key);
    if (!entry || !condition(entry.expireAt, at)) return 0;
    expireAt(call, key, at);
    return 1;
  };

type Condition = (current: number, next: number) => boolean;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  NX: (current) => current === Infinity,
  XX: (current) => current !== Infinity,
  GT: (current, next) => next > current,
  LT: (current, next) => next < current,
};

function readCondition(args: readonly string[]): Condition {
  const options = new Options(args, 3);
  const given = new Set<string>();
  while (!options.done) {
    const text = options.value();
    if (!CONDITIONS[text.toUpperCase()]) throw new CommandError(`ERR Unsupported option ${text}`);
    given.add(text.toUpperCase());
  }
  if (given.has('NX') && given.size > 1) {
    throw new CommandError('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if (given.has('GT') && given.has('LT')) {
    throw new CommandError('ERR GT and LT options at the same time are not compatible');
  }
  return (current, next) => [...given].every((name) => CONDITIONS[name]!(current, next));
}

/** -2 for no key, -1 for a key that stays; otherwise what the reading makes of its time. */
const tellExpiry =
  (read: (at: number, now: number) => number) =>
  (call: Call): Reply => {
    const { args, db } = call;
    const entry = db.entry(args[1]!);
    if (!entry) return -2;
    return entry.expireAt === Infinity ? -1 : read(entry.expireAt, db.now);
  };

const ttl = tellExpiry((at, now) => Math.round((at - now) / 1000));
const pttl = tellExpiry((at, now) => at - now);
const expireTime = tellExpiry((at) => Math.round(at / 1000));
const pexpireTime = tellExpiry((at) => at);

function persist({ args, db }: Call): Reply {
  const key = args[1]!;
  if (!db.removeExpiry(key)) return 0;
  db.changed(key, 'g', 'persist');
  return 1;
}

export const expiryCommands: readonly Command[] = [
  { name: 'expire', arity: -3, flags: 'write fast', keys: FIRST, run: expireBy('EX') },
  { name: 'pexpire', arity: -3, flags: 'write fast', keys: FIRST, run: expireBy('PX') },
  { name: 'expireat', arity: -3, flags: 'write fast', keys: FIRST, run: expireBy('EXAT') },
  { name: 'pexpireat', arity: -3, flags: 'write fast', keys: FIRST, run: expireBy('PXAT') },
  { name: 'ttl', arity: 2, flags: 'readonly fast', keys: FIRST, run: ttl },
  { name: 'pttl', arity: 2, flags: 'readonly fast', keys: FIRST, run: pttl },
  { name: 'expiretime', arity: 2, flags: 'readonly fast', keys: FIRST, run: expireTime },
  { name: 'pexpiretime', arity: 2, flags: 'readonly fast', keys: FIRST, run: pexpireTime },
  { name: 'persist', arity: 2, flags: 'write fast', keys: FIRST, run: persist },
];
