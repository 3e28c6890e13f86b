/** Time-based one-time passwords (RFC 6238): six digits, thirty seconds, one step of tolerance to each side. */
import { Secret, TOTP } from 'otpauth';

const ISSUER = 'Souk';
const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
const WINDOW = 1;

export interface NewTotpSecret {
  bytes: Buffer;
  /** To type in. */
  base32: string;
  /** To show as a QR code. */
  uri: string;
}

export function newTotpSecret(account: string): NewTotpSecret {
  const secret = new Secret({ size: SECRET_BYTES });
  const totp = new TOTP({ issuer: ISSUER, label: account, secret, period: PERIOD_SECONDS });
  return { bytes: Buffer.from(secret.bytes), base32: secret.base32, uri: totp.toString() };
}

export function isTotpCode(typed: string): boolean {
  return /^\d{6}$/.test(withoutBlanks(typed));
}

/** The step that a code belongs to, to be stored so that it works once; nothing when the code is wrong. */
export function stepOfCode(secret: Buffer, typed: string, now: Date): number | undefined {
  const totp = new TOTP({
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
    period: PERIOD_SECONDS,
  });
  const timestamp = now.getTime();
  const delta = totp.validate({ token: withoutBlanks(typed), timestamp, window: WINDOW });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
}

/** For tests and tools: what an authenticator shows. */
export function codeAt(base32: string, now: Date): string {
  return new TOTP({ secret: Secret.fromBase32(base32), period: PERIOD_SECONDS }).generate({
    timestamp: now.getTime(),
  });
}

function withoutBlanks(typed: string): string {
  return typed.replace(/\s/g, '');
}
