/** How the table of commands and answers is written: sequences of steps, each on an empty server. */
import type { Shown } from './resp-client.ts';

/** Something that cannot be told beforehand, such as how many milliseconds have passed. */
export interface Matcher {
  describes: string;
  matches(reply: Shown): boolean;
}

export type Expected = Shown | Matcher | readonly Expected[];

export type Step =
  /** A command, with the quoting of redis-cli, and its answer; on connection `a` unless said. */
  | { kind: 'call'; on: string; command: string; expected: Expected; since?: string }
  /** A command whose answer comes later, or not at all. */
  | { kind: 'send'; on: string; command: string }
  /** A command that waits for something: the next step comes when the server has put it to wait. */
  | { kind: 'wait'; on: string; command: string }
  | { kind: 'hear'; on: string; expected: Expected };

export interface Sequence {
  name: string;
  steps: readonly Step[];
  /** The protocol of connection `a`. */
  protocol: 2 | 3;
  /** The oldest Redis that answers so. */
  since: string | undefined;
}

type Row = readonly [command: string, expected: Expected, on?: string] | Step;

export function sequence(
  name: string,
  rows: readonly Row[],
  { protocol = 2, since }: { protocol?: 2 | 3; since?: string } = {},
): Sequence {
  const steps = rows.map((row): Step => {
    if ('kind' in row) return row;
    const [command, expected, on = 'a'] = row;
    return { kind: 'call', on, command, expected };
  });
  return { name, steps, protocol, since };
}

export const since = (version: string, command: string, expected: Expected): Step => ({
  kind: 'call',
  on: 'a',
  command,
  expected,
  since: version,
});
export const sends = (on: string, command: string): Step => ({ kind: 'send', on, command });
export const waits = (on: string, command: string): Step => ({ kind: 'wait', on, command });
export const hears = (on: string, expected: Expected): Step => ({ kind: 'hear', on, expected });

export const status = (text: string): Shown => ({ status: text });
export const error = (message: string): Shown => ({ error: message });
export const double = (text: string): Shown => ({ double: text });
export const map = (...entries: [Shown, Shown][]): Shown => ({ map: entries });
export const set = (...members: Shown[]): Shown => ({ set: members });
export const push = (...items: Shown[]): Shown => ({ push: items });
export const verbatim = (text: string): Shown => ({ verbatim: text });

/** An entry of a stream. */
export const entry = (id: string, ...fields: string[]): Shown => [id, fields];
/** A line of XPENDING. */
export const pending = (id: string, consumer: string, idle: Expected, deliveries: number): Expected => [
  id,
  consumer,
  idle,
  deliveries,
];

export const nil = null;
export const nilArray: Shown = { nullArray: true };
export const resp3Null: Shown = { resp3Null: true };
export const ok = status('OK');
export const queued = status('QUEUED');
export const wrongType = error('WRONGTYPE Operation against a key holding the wrong kind of value');
export const notInteger = error('ERR value is not an integer or out of range');
export const notFloat = error('ERR value is not a valid float');
export const syntaxError = error('ERR syntax error');

export const anyInteger: Matcher = {
  describes: 'any integer',
  matches: (reply) => typeof reply === 'number',
};
/** A busy machine may take a moment between two commands. */
export const secondsLeft = (seconds: number): Matcher => ({
  describes: `${seconds}, or a few less`,
  matches: (reply) => typeof reply === 'number' && reply <= seconds && reply > seconds - 5,
});
export const anyOrderOf = (...items: string[]): Matcher => ({
  describes: `${items.join(', ')} in any order`,
  matches: (reply) => Array.isArray(reply) && [...reply].sort().join() === [...items].sort().join(),
});
export const errorStarting = (start: string): Matcher => ({
  describes: `an error that starts with ${start}`,
  matches: (reply) =>
    reply !== null && typeof reply === 'object' && 'error' in reply && reply.error.startsWith(start),
});

/** The expectation with what was there in the place of each matcher that accepts it, to be compared as a whole. */
export function resolveMatchers(expected: Expected, reply: Shown): unknown {
  if (Array.isArray(expected)) {
    const replies = Array.isArray(reply) ? reply : [];
    return expected.map((each, place) => resolveMatchers(each, replies[place] ?? null));
  }
  if (expected !== null && typeof expected === 'object' && 'matches' in expected) {
    return expected.matches(reply) ? reply : expected.describes;
  }
  return expected;
}
