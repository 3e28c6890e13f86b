/**
 * What a command answers, before it is written in RESP2 or RESP3. A string is a bulk string, a number or bigint an
 * integer, null a null, an array an array; the rest says its kind.
 */
export type Reply = string | number | bigint | null | readonly Reply[] | SpecialReply;

export type SpecialReply =
  | { kind: 'status'; text: string }
  | { kind: 'error'; message: string }
  /** A null where RESP2 has a null array. */
  | { kind: 'null array' }
  | { kind: 'double'; value: number }
  /** In RESP2 a flat array of keys and values. */
  | { kind: 'map'; entries: readonly (readonly [Reply, Reply])[] }
  /** In RESP2 flattened; in RESP3 an array of arrays of two. */
  | { kind: 'pairs'; pairs: readonly (readonly [Reply, Reply])[] }
  | { kind: 'set'; members: readonly Reply[] }
  /** Text for people. */
  | { kind: 'verbatim'; text: string }
  /** What a client did not ask for just now; in RESP2 an array. */
  | { kind: 'push'; items: readonly Reply[] }
  /** Several answers to one command, such as one for each channel subscribed to. */
  | { kind: 'sequence'; replies: readonly Reply[] };

export const OK: Reply = { kind: 'status', text: 'OK' };
export const QUEUED: Reply = { kind: 'status', text: 'QUEUED' };
export const NULL_ARRAY: Reply = { kind: 'null array' };
export const NO_REPLY: Reply = { kind: 'sequence', replies: [] };

export const status = (text: string): Reply => ({ kind: 'status', text });
export const error = (message: string): Reply => ({ kind: 'error', message });
export const double = (value: number): Reply => ({ kind: 'double', value });
export const verbatim = (text: string): Reply => ({ kind: 'verbatim', text });
export const setOf = (members: readonly Reply[]): Reply => ({ kind: 'set', members });
export const mapOf = (entries: readonly (readonly [Reply, Reply])[]): Reply => ({ kind: 'map', entries });
export const pairs = (list: readonly (readonly [Reply, Reply])[]): Reply => ({ kind: 'pairs', pairs: list });
export const push = (...items: readonly Reply[]): Reply => ({ kind: 'push', items });
export const sequence = (replies: readonly Reply[]): Reply => ({ kind: 'sequence', replies });

/** Thrown by a command to answer with an error; the message starts with its code, such as ERR. */
export class CommandError extends Error {}
