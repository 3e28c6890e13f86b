/**
 * One record of the log: a command as it is to be run again, behind the number of its database. Written as netstrings:
 * each argument behind its length, such as `1:03:SET1:k1:v`.
 */
import { DATABASES } from './keyspace/keyspace.ts';

export interface Effect {
  database: number;
  args: readonly string[];
}

export function encodeRecord(database: number, args: readonly string[]): Buffer {
  const number = String(database);
  let text = `${number.length}:${number}`;
  for (const arg of args) text += `${arg.length}:${arg}`;
  return Buffer.from(text, 'latin1');
}

/** Throws when it is not a record. */
export function decodeRecord(bytes: Buffer): Effect {
  const [number, ...args] = readNetstrings(bytes.toString('latin1'));
  const database = Number(number);
  if (!/^\d+$/.test(number ?? '') || database >= DATABASES || args.length === 0) {
    throw new Error('it is not a command behind the number of a database');
  }
  return { database, args };
}

function* readNetstrings(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const colon = text.indexOf(':', at);
    const digits = colon < 0 ? '' : text.slice(at, colon);
    const end = colon + 1 + Number(digits);
    if (!/^\d{1,10}$/.test(digits) || end > text.length) throw new Error(`an argument is cut short at ${at}`);
    yield text.slice(colon + 1, end);
    at = end;
  }
}
