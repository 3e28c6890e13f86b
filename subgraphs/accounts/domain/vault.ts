/**
 * Keeps secrets that the database must not show to whoever copies it (private signing keys, TOTP secrets), and makes
 * codes that nobody without the key can forge (the audit chain, download links). The key stands outside the database.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** A value sealed for one purpose cannot be passed off for another. */
export type VaultPurpose =
  | 'signing-key'
  | 'totp-secret'
  | 'recovery-code'
  | 'attempt'
  | 'audit'
  | 'archive-link';

export interface Vault {
  seal(purpose: VaultPurpose, secret: Buffer): Buffer;
  /** Throws when none of the keys opens it. */
  open(purpose: VaultPurpose, sealed: Buffer): Buffer;
  mac(purpose: VaultPurpose, text: string): Buffer;
  /** What `mac` says with each key: what was made before a change of keys still counts. */
  macs(purpose: VaultPurpose, text: string): Buffer[];
  isMac(purpose: VaultPurpose, text: string, mac: Buffer): boolean;
}

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + IV_BYTES + TAG_BYTES;

/** The first key seals, all of them open. */
export function createVault(keys: readonly [KeyObject, ...KeyObject[]]): Vault {
  const derived = new Map<string, Buffer>();
  const keyFor = (key: KeyObject, index: number, use: 'seal' | 'mac', purpose: VaultPurpose): Buffer => {
    const name = `${index} ${use} ${purpose}`;
    const known = derived.get(name);
    if (known) return known;
    const made = Buffer.from(hkdfSync('sha256', key, '', `souk.accounts.${use}.${purpose}`, 32));
    derived.set(name, made);
    return made;
  };
  const macs = (purpose: VaultPurpose, text: string) =>
    keys.map((key, index) =>
      createHmac('sha256', keyFor(key, index, 'mac', purpose))
        .update(text)
        .digest(),
    );

  return {
    seal: (purpose, secret) => sealWith(keyFor(keys[0], 0, 'seal', purpose), secret),
    open: (purpose, sealed) => {
      for (const [index, key] of keys.entries()) {
        const secret = openWith(keyFor(key, index, 'seal', purpose), sealed);
        if (secret) return secret;
      }
      throw new Error(
        `SOUK_ACCOUNTS_KEY does not open a ${purpose} of the database: set the key it was stored with, or list both with a comma`,
      );
    },
    mac: (purpose, text) => macs(purpose, text)[0]!,
    macs,
    isMac: (purpose, text, mac) =>
      macs(purpose, text).some((own) => own.length === mac.length && timingSafeEqual(own, mac)),
  };
}

function sealWith(key: Buffer, secret: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const text = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([Buffer.from([FORMAT]), iv, cipher.getAuthTag(), text]);
}

function openWith(key: Buffer, sealed: Buffer): Buffer | undefined {
  if (sealed[0] !== FORMAT || sealed.length < HEAD_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(sealed.subarray(1 + IV_BYTES, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
  } catch {
    // The tag does not fit: it was sealed with another key, or changed.
    return undefined;
  }
}
