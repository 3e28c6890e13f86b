/**
 * The text that a request means: sent along, remembered under its hash (automatic persisted queries), or registered
 * under an id. What is remembered stays in this process: a replica that does not know a hash asks for the text once.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Refusal, refuseOperation, refuseRequest } from '../refusal.ts';
import type { Registered } from './registered.ts';

export interface AskedDocument {
  query: string | undefined;
  /** Of a registered document. */
  documentId: string | undefined;
  /** SHA-256 in hex. */
  hash: string | undefined;
}

export interface DocumentTextOptions {
  /** `registered` runs nothing else. */
  mode: 'open' | 'registered';
  registered: Registered;
  /** How many texts are remembered under their hash. */
  capacity: number;
}

export type FindText = (asked: AskedDocument) => { ok: true; query: string } | Refusal;

const MAX_REMEMBERED_CHARACTERS = 8_000_000;
/** A text padded beyond this is run, but not remembered: a few of them would push everybody else's out. */
const MAX_TEXT_CHARACTERS = 100_000;
/** Clients compare the message, letter by letter. */
const NOT_FOUND_MESSAGE = 'PersistedQueryNotFound';

export function createFindText({ mode, registered, capacity }: DocumentTextOptions): FindText {
  const remembered = new LRUCache<string, string>({
    max: capacity,
    maxSize: MAX_REMEMBERED_CHARACTERS,
    maxEntrySize: MAX_TEXT_CHARACTERS,
    sizeCalculation: (text) => text.length || 1,
  });

  return ({ query, documentId, hash }) => {
    const id = documentId ?? hash;
    const known = id === undefined ? undefined : registered.textOf(id);
    if (known !== undefined) return { ok: true, query: known };
    if (mode === 'registered') return notRegistered(id);
    if (documentId !== undefined) return notFound(`no document is registered as ${documentId.slice(0, 100)}`);
    if (hash === undefined) return query === undefined ? missing() : { ok: true, query };
    const text = remembered.get(hash);
    if (query === undefined) return text === undefined ? notFound() : { ok: true, query: text };
    if (text !== query) {
      if (sha256(query) !== hash) return mismatch();
      remembered.set(hash, query);
    }
    return { ok: true, query };
  };
}

function missing(): Refusal {
  return refuseRequest('BAD_REQUEST', 'The parameter query is missing');
}

function notRegistered(id: string | undefined): Refusal {
  const what =
    id === undefined
      ? 'send the id of one as documentId'
      : `${id.slice(0, 100)} is none of them; is the manifest of this client deployed here?`;
  return refuseOperation('PERSISTED_QUERY_REQUIRED', `Only registered documents are run here: ${what}`);
}

function notFound(reason?: string): Refusal {
  const refusal = refuseOperation('PERSISTED_QUERY_NOT_FOUND', NOT_FOUND_MESSAGE);
  if (reason !== undefined) refusal.errors[0]!.extensions.reason = reason;
  return refusal;
}

function mismatch(): Refusal {
  return refuseRequest(
    'PERSISTED_QUERY_HASH_MISMATCH',
    'sha256Hash is not the SHA-256, in hex, of the text in the parameter query',
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
