/**
 * Keeps prepared statements apart: all connections share one session of the engine, so each connection's names get a
 * prefix of its own on the way in, and lose it in error messages on the way out.
 */
import { createHash } from 'node:crypto';
import { frame, HEAD } from '../wire/messages.ts';

/** Postgres tells names apart by their first 63 bytes. */
const MAX_NAME = 63;

export interface NameSpace {
  prefix: string;
  /** Names as the engine knows them, to be freed when the connection goes. */
  known: Set<string>;
}

export const nameSpace = (session: number, generation: number): NameSpace => ({
  prefix: `souk:${session}.${generation}/`,
  known: new Set(),
});

/** Names are handled as latin1, one character a byte: they are in the client's encoding, whatever that is. */
export function engineName(space: NameSpace, name: string): string {
  const significant = name.slice(0, MAX_NAME);
  const full = space.prefix + significant;
  if (full.length <= MAX_NAME) return full;
  return `${space.prefix}#${createHash('sha256').update(significant, 'latin1').digest('hex').slice(0, 32)}`;
}

/** In an error's text, `"souk:7.0/name"` reads `"name"` again. */
export const withoutPrefix = (space: NameSpace, text: string): string =>
  text.replaceAll(`"${space.prefix}`, '"');

/** What a message does with the unnamed statement, which exists once in the engine; a query ends it, too. */
export type StatementUse = 'parse-unnamed' | 'use-unnamed' | 'close-unnamed' | 'query' | 'other';

/** Reads which prepared statement a frontend message is about, and gives the message with the engine's name in it. */
export function renameStatement(space: NameSpace, message: Buffer): { message: Buffer; use: StatementUse } {
  switch (message[0]) {
    case 0x51: // Q
      return { message, use: 'query' };
    case 0x50: // P: name, query, parameter types
      return rename(space, message, HEAD, 'parse');
    case 0x42: {
      // B: portal, name, parameters
      const portalEnd = message.indexOf(0, HEAD);
      return portalEnd < 0 ? { message, use: 'other' } : rename(space, message, portalEnd + 1, 'use');
    }
    case 0x44: // D: 'S', name
    case 0x43: {
      // C: 'S', name
      if (message[HEAD] !== 0x53) return { message, use: 'other' };
      return rename(space, message, HEAD + 1, message[0] === 0x44 ? 'use' : 'close');
    }
    default:
      return { message, use: 'other' };
  }
}

function rename(
  space: NameSpace,
  message: Buffer,
  start: number,
  action: 'parse' | 'use' | 'close',
): { message: Buffer; use: StatementUse } {
  const end = message.indexOf(0, start);
  // Without its end the engine refuses the message itself.
  if (end < 0) return { message, use: 'other' };
  if (end === start) return { message, use: `${action}-unnamed` };
  const name = engineName(space, message.toString('latin1', start, end));
  if (action === 'parse') space.known.add(name);
  if (action === 'close') space.known.delete(name);
  const type = String.fromCharCode(message[0] as number);
  const renamed = frame(
    type,
    message.subarray(HEAD, start),
    Buffer.from(name, 'latin1'),
    message.subarray(end),
  );
  return { message: renamed, use: 'other' };
}
