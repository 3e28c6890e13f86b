// Which names a variable may have, for reading ($$name) and for defining ($let, as, let).
import { failedToParse } from '../errors.ts';

const READABLE_START = /^[a-zA-Z\u{80}-\u{10ffff}]/u;
const WRITABLE_START = /^[a-z\u{80}-\u{10ffff}]/u;
const INVALID_REST = /[^a-zA-Z0-9_\u{80}-\u{10ffff}]/u;

export function checkVariableForRead(name: string): void {
  checkName(name, READABLE_START);
}

/** CURRENT is the one system variable that a user may rebind. */
export function checkVariableForWrite(name: string): void {
  if (name !== 'CURRENT') checkName(name, WRITABLE_START);
}

function checkName(name: string, start: RegExp): void {
  if (name === '') throw failedToParse('empty variable names are not allowed');
  if (!start.test(name)) {
    throw failedToParse(`'${name}' starts with an invalid character for a user variable name`);
  }
  const invalid = INVALID_REST.exec(name);
  if (invalid) {
    throw failedToParse(`'${name}' contains an invalid character for a variable name: '${invalid[0]}'`);
  }
}
