import { CommandError } from '../protocol/reply.ts';

/** Names stand in the lines of CLIENT LIST, between spaces. */
export function checkName(name: string, what: string): string {
  if (/^[!-~]*$/.test(name)) return name;
  throw new CommandError(`ERR ${what} cannot contain spaces, newlines or special characters.`);
}
