/** The keys of access tokens: made, announced, used and withdrawn by the clock, and shared by all processes. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Database, inTransaction, type Queryable } from '@souk/kit/postgres/postgres';
import type { IdMaker } from '@souk/kit/values/ids';
import { exportJWK, type JWK } from 'jose';
import {
  deleteAllSigningKeys,
  deleteSigningKeysPublishedUntil,
  insertSigningKey,
  listSigningKeys,
  lockSigningKeys,
} from '../store/signing-keys.ts';
import type { SigningKeyRow } from '../store/tables.ts';
import { type KeyTimes, nextKey, publishedAt, signerAt } from './key-rotation.ts';
import type { Vault } from './vault.ts';

export interface SigningKeys {
  /** The key that signs now. */
  signer(): Promise<{ id: string; key: KeyObject }>;
  /** The public halves of all keys whose tokens may be about, or soon will be. */
  published(): Promise<JWK[]>;
  /** Makes the next key when its time has come, and forgets the old ones. Any number of processes may call it. */
  rotate(): Promise<void>;
  /** Withdraws all keys and makes a new one: every access token ends as soon as the routers have looked. */
  replaceAll(): Promise<void>;
}

export interface SigningKeysOptions {
  db: Database;
  vault: Vault;
  newId: IdMaker;
  now(): Date;
}

/** Another process may have rotated. */
const READ_AGAIN_AFTER_MS = 60_000;

export function createSigningKeys(options: SigningKeysOptions): SigningKeys {
  const { db, vault, now } = options;
  let known: { rows: SigningKeyRow[]; readAt: number } | undefined;
  const opened = new Map<string, KeyObject>();

  const read = async () => {
    if (!known || now().getTime() - known.readAt > READ_AGAIN_AFTER_MS) {
      known = { rows: await listSigningKeys(db), readAt: now().getTime() };
    }
    return known.rows;
  };
  const open = ({ id, sealedPrivateKey }: SigningKeyRow): KeyObject => {
    const key =
      opened.get(id) ??
      createPrivateKey({ key: vault.open('signing-key', sealedPrivateKey), format: 'der', type: 'pkcs8' });
    opened.set(id, key);
    return key;
  };
  const rotate = async () => {
    await inTransaction(db, async (tx) => {
      await lockSigningKeys(tx);
      await deleteSigningKeysPublishedUntil(tx, now());
      await makeKeyIfDue(tx, options);
    });
    known = undefined;
  };

  return {
    signer: async () => {
      let row = signerAt(await read(), now());
      if (!row) {
        // The timer that rotates has not run: the process slept, or has just started.
        await rotate();
        row = signerAt(await read(), now());
      }
      return { id: row!.id, key: open(row!) };
    },
    published: async () => publishedAt(await read(), now()).map(({ publicJwk }) => publicJwk),
    rotate,
    replaceAll: async () => {
      await inTransaction(db, async (tx) => {
        await lockSigningKeys(tx);
        await deleteAllSigningKeys(tx);
        await makeKeyIfDue(tx, options);
      });
      known = undefined;
    },
  };
}

async function makeKeyIfDue(tx: Queryable, { vault, newId, now }: SigningKeysOptions): Promise<void> {
  const times = nextKey(await listSigningKeys(tx), now());
  if (times) await insertSigningKey(tx, await newKey(vault, newId('jwk'), times, now()));
}

async function newKey(vault: Vault, id: string, times: KeyTimes, createdAt: Date) {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicJwk = { ...(await exportJWK(createPublicKey(privateKey))), kid: id, alg: 'EdDSA', use: 'sig' };
  const sealedPrivateKey = vault.seal('signing-key', privateKey.export({ format: 'der', type: 'pkcs8' }));
  return { id, publicJwk, sealedPrivateKey, createdAt, ...times };
}
