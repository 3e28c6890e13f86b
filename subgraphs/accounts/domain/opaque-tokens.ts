/** Secrets handed out once: refresh tokens, mailed links, challenges, API keys. The store has their hashes alone. */
import { createHash, randomBytes } from 'node:crypto';

export interface OpaqueToken {
  text: string;
  hash: Buffer;
}

const RANDOM_BYTES = 32;
const MAX_LENGTH = 100;

/** The prefix tells people and secret scanners what they have found. */
export function newToken(prefix: 'souk_rt' | 'souk_mail' | 'souk_mfa' | 'souk_key'): OpaqueToken {
  const text = `${prefix}_${randomBytes(RANDOM_BYTES).toString('base64url')}`;
  return { text, hash: hashOfToken(text) };
}

/** 256 random bits need no slow hash. What is too long to be ours is hashed cut, and found nowhere. */
export function hashOfToken(text: string): Buffer {
  return createHash('sha256').update(text.slice(0, MAX_LENGTH)).digest();
}
