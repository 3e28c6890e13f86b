/** SET, SETEX, PSETEX and GETEX: a string and when it goes. */
import { OK, type Reply } from '../protocol/reply.ts';
import { Options, syntaxError } from './arguments.ts';
import { type Call, type Command, FIRST, record } from './command.ts';
import { type ExpiryUnit, expireAt, expiryOption, isExpiryUnit } from './expiry.ts';

interface SetOptions {
  onlyIf: 'absent' | 'present' | undefined;
  get: boolean;
  keepExpiry: boolean;
  expireAt: number | undefined;
}

function set(call: Call): Reply {
  const { args, db } = call;
  const [, key, value] = args as [string, string, string];
  const options = readSetOptions(call);
  const old = options.get ? (db.get(key, 'string') ?? null) : undefined;
  const unmet = options.onlyIf !== undefined && db.has(key) !== (options.onlyIf === 'present');
  if (unmet) return old ?? null;
  store(call, key, value, options);
  return old === undefined ? OK : old;
}

function store(call: Call, key: string, value: string, options: SetOptions): void {
  const { db } = call;
  if (options.keepExpiry) db.replace(key, value);
  else db.set(key, value);
  record(call, 'SET', key, value, ...(options.keepExpiry ? ['KEEPTTL'] : []));
  db.changed(key, '$', 'set');
  if (options.expireAt !== undefined) expireAt(call, key, options.expireAt);
}

function readSetOptions(call: Call): SetOptions {
  const read: SetOptions = { onlyIf: undefined, get: false, keepExpiry: false, expireAt: undefined };
  const options = new Options(call.args, 3);
  let expiry: [ExpiryUnit, string] | undefined;
  while (!options.done) {
    const word = options.word();
    if (word === 'NX' && read.onlyIf !== 'present') read.onlyIf = 'absent';
    else if (word === 'XX' && read.onlyIf !== 'absent') read.onlyIf = 'present';
    else if (word === 'GET') read.get = true;
    else if (word === 'KEEPTTL' && !expiry) read.keepExpiry = true;
    else if (isExpiryUnit(word) && !expiry && !read.keepExpiry) expiry = [word, options.value()];
    else throw syntaxError();
  }
  if (expiry) read.expireAt = expiryOption(call, ...expiry);
  return read;
}

const setFor =
  (unit: ExpiryUnit) =>
  (call: Call): Reply => {
    const [, key, amount, value] = call.args as [string, string, string, string];
    const at = expiryOption(call, unit, amount);
    store(call, key, value, { onlyIf: undefined, get: false, keepExpiry: false, expireAt: at });
    return OK;
  };

function getEx(call: Call): Reply {
  const { db } = call;
  const key = call.args[1]!;
  const change = readGetExOption(call);
  const value = db.get(key, 'string');
  if (value === undefined) return null;
  if (change === 'persist') {
    if (db.removeExpiry(key)) {
      record(call, 'PERSIST', key);
      db.changed(key, 'g', 'persist');
    }
  } else if (change !== undefined) {
    expireAt(call, key, change);
  }
  return value;
}

function readGetExOption(call: Call): number | 'persist' | undefined {
  const options = new Options(call.args, 2);
  if (options.done) return undefined;
  const word = options.word();
  const unit = isExpiryUnit(word) ? word : undefined;
  const amount = unit && options.value();
  if (!options.done || (!unit && word !== 'PERSIST')) throw syntaxError();
  return unit ? expiryOption(call, unit, amount!) : 'persist';
}

export const stringExpiryCommands: readonly Command[] = [
  { name: 'set', arity: -3, flags: 'write denyoom', keys: FIRST, run: set },
  { name: 'setex', arity: 4, flags: 'write denyoom', keys: FIRST, run: setFor('EX') },
  { name: 'psetex', arity: 4, flags: 'write denyoom', keys: FIRST, run: setFor('PX') },
  { name: 'getex', arity: -2, flags: 'write fast', keys: FIRST, run: getEx },
];
