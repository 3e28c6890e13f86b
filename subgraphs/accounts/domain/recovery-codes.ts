/** Ten single-use codes for the day when the authenticator is lost. */
import { randomInt } from 'node:crypto';
import type { Vault } from './vault.ts';

const COUNT = 10;
const GROUPS = 2;
const GROUP_LENGTH = 5;
/** Without letters and digits that are taken for one another on paper. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

export function newRecoveryCodes(): string[] {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: COUNT }, () => Array.from({ length: GROUPS }, group).join('-'));
}

/** 49 random bits are too few for a plain hash; without the vault's key they cannot be tried out. */
export function hashOfRecoveryCode(vault: Vault, userId: string, code: string): Buffer {
  return vault.mac('recovery-code', subjectOf(userId, code));
}

export function possibleHashes(vault: Vault, userId: string, typed: string): Buffer[] {
  return vault.macs('recovery-code', subjectOf(userId, typed));
}

function subjectOf(userId: string, code: string): string {
  return `${userId} ${code.toLowerCase().replace(/[\s-]/g, '').slice(0, 20)}`;
}
