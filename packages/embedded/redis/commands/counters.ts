/** Strings that count. */

import { addInt64, type Int64, negateInt64 } from '../numbers/int64.ts';
import { addFloats, isFloat } from '../numbers/long-double.ts';
import { CommandError, type Reply } from '../protocol/reply.ts';
import { int64, NOT_A_FLOAT } from './arguments.ts';
import { type Call, type Command, FIRST, record } from './command.ts';

export const INFINITE_SUM = 'ERR increment would produce NaN or Infinity';
const OVERFLOW = 'ERR increment or decrement would overflow';

function increase({ args, db }: Call, by: Int64): Reply {
  const key = args[1]!;
  const sum = addInt64(int64(db.get(key, 'string') ?? '0'), by);
  if (sum === undefined) throw new CommandError(OVERFLOW);
  db.replace(key, String(sum));
  db.changed(key, '$', 'incrby');
  return sum;
}

function decrementBy(call: Call): Reply {
  const by = negateInt64(int64(call.args[2]!));
  if (by === undefined) throw new CommandError('ERR decrement would overflow');
  return increase(call, by);
}

function incrementByFloat(call: Call): Reply {
  const { args, db } = call;
  const [, key, by] = args as [string, string, string];
  const old = db.get(key, 'string') ?? '0';
  checkFloat(by, NOT_A_FLOAT);
  checkFloat(old, NOT_A_FLOAT);
  const sum = sumOfFloats(old, by);
  if (sum === undefined) throw new CommandError(INFINITE_SUM);
  db.replace(key, sum);
  record(call, 'SET', key, sum, 'KEEPTTL');
  db.changed(key, '$', 'incrbyfloat');
  return sum;
}

export function checkFloat(text: string, message: string): void {
  if (!isFloat(text)) throw new CommandError(message);
}

/** As INCRBYFLOAT and HINCRBYFLOAT write it; undefined when it is infinite. */
export function sumOfFloats(old: string, by: string): string | undefined {
  const result = addFloats(old, by);
  return 'sum' in result ? result.sum : undefined;
}

export const counterCommands: readonly Command[] = [
  { name: 'incr', arity: 2, flags: 'write denyoom fast', keys: FIRST, run: (call) => increase(call, 1) },
  { name: 'decr', arity: 2, flags: 'write denyoom fast', keys: FIRST, run: (call) => increase(call, -1) },
  {
    name: 'incrby',
    arity: 3,
    flags: 'write denyoom fast',
    keys: FIRST,
    run: (call) => increase(call, int64(call.args[2]!)),
  },
  { name: 'decrby', arity: 3, flags: 'write denyoom fast', keys: FIRST, run: decrementBy },
  { name: 'incrbyfloat', arity: 3, flags: 'write denyoom fast', keys: FIRST, run: incrementByFloat },
];
