/**
 * Who is asking, as the router tells it to a subgraph: a short-lived header that the router signs and a subgraph
 * verifies, so that nobody gets in by a subgraph's own port. Guests are signed too; they have no `userId`.
 */
import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Viewer {
  userId?: string;
  sessionId?: string;
  apiKeyId?: string;
  scopes: readonly string[];
  roles?: readonly string[];
  guestToken?: string;
  /** Address of the client, for audit logs and back-off. */
  ip?: string;
  /** What the client calls itself, by which people recognise their sessions. */
  userAgent?: string;
}

export const VIEWER_HEADER = 'souk-viewer';

/** Long enough for a slow hop and a little clock difference, short enough that a stolen header is soon worthless. */
const LIFETIME_SECONDS = 60;
const MIN_KEY_BYTES = 32;
/** A viewer with a hundred scopes takes 3 KB; whatever is longer is not ours. */
const MAX_HEADER_LENGTH = 8_192;

export interface SignOptions {
  /** Milliseconds since 1970; the clock's when not given. */
  now?: number;
  /** Asks the subgraph to tell its database round trips in a response header. */
  debug?: boolean;
}

export type Verification =
  | { ok: true; viewer: Viewer; debug: boolean }
  | { ok: false; reason: 'missing' | 'malformed' | 'forged' | 'expired' };

/** What whoever sent no good header reads. */
export const UNSIGNED: Record<Exclude<Verification, { ok: true }>['reason'], string> = {
  missing: 'This is a subgraph; send the operation to the router',
  malformed: 'The viewer header is malformed',
  forged: 'The viewer header was signed with another key; router and subgraph need the same SOUK_VIEWER_KEY',
  expired: 'The viewer header is expired; are the clocks of router and subgraph the same?',
};

/** A viewer as it travels. `exp` is in seconds since 1970. */
interface Payload extends Viewer {
  exp: number;
  debug?: boolean;
}

export function signViewer(viewer: Viewer, key: KeyObject, options: SignOptions = {}): string {
  const { now = Date.now(), debug } = options;
  const payload: Payload = { ...viewer, exp: Math.floor(now / 1000) + LIFETIME_SECONDS };
  if (debug) payload.debug = true;
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${text}.${signatureOf(text, key).toString('base64url')}`;
}

/** Any of the keys may have signed it, so that keys can be changed without a pause. */
export function verifyViewer(
  header: string | undefined,
  keys: readonly KeyObject[],
  now: number = Date.now(),
): Verification {
  if (header === undefined || header === '') return { ok: false, reason: 'missing' };
  if (header.length > MAX_HEADER_LENGTH) return { ok: false, reason: 'malformed' };
  const dot = header.indexOf('.');
  if (dot < 1) return { ok: false, reason: 'malformed' };
  const text = header.slice(0, dot);
  const signature = Buffer.from(header.slice(dot + 1), 'base64url');
  if (!keys.some((key) => sameBytes(signatureOf(text, key), signature))) {
    return { ok: false, reason: 'forged' };
  }
  const payload = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Payload;
  if (!(payload.exp * 1000 > now)) return { ok: false, reason: 'expired' };
  return { ok: true, viewer: viewerOf(payload), debug: payload.debug === true };
}

export function hasScope(viewer: Viewer, scope: string): boolean {
  return viewer.scopes.includes(scope);
}

/** Field by field: what else the signed JSON may hold is not part of the viewer. */
function viewerOf(payload: Payload): Viewer {
  const viewer: Viewer = { scopes: payload.scopes };
  if (payload.userId !== undefined) viewer.userId = payload.userId;
  if (payload.sessionId !== undefined) viewer.sessionId = payload.sessionId;
  if (payload.apiKeyId !== undefined) viewer.apiKeyId = payload.apiKeyId;
  if (payload.roles !== undefined) viewer.roles = payload.roles;
  if (payload.guestToken !== undefined) viewer.guestToken = payload.guestToken;
  if (payload.ip !== undefined) viewer.ip = payload.ip;
  if (payload.userAgent !== undefined) viewer.userAgent = payload.userAgent;
  return viewer;
}

/** The fetches of a request, and of all guests within a second, carry the same text: each is signed once. */
const signatures = new WeakMap<KeyObject, Map<string, Buffer>>();
const MAX_SIGNATURES = 256;

function signatureOf(text: string, key: KeyObject): Buffer {
  const known = signatures.get(key) ?? new Map<string, Buffer>();
  signatures.set(key, known);
  let signature = known.get(text);
  if (!signature) {
    signature = createHmac('sha256', key).update(text).digest();
    if (known.size >= MAX_SIGNATURES) known.delete(known.keys().next().value!);
    known.set(text, signature);
  }
  return signature;
}

function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** For one process that signs and verifies by itself: nobody else needs to know the key. */
export function randomViewerKey(): KeyObject {
  return createSecretKey(randomBytes(MIN_KEY_BYTES));
}

/**
 * Reads `SOUK_VIEWER_KEY`: one key, or several with commas between them, each in hex or base64. The first one signs.
 * The error names no part of the key.
 */
export function parseViewerKeys(text: string): [KeyObject, ...KeyObject[]] {
  const keys = text.split(',').map((part, index) => {
    const bytes = keyBytes(part.trim());
    if (bytes === undefined || bytes.length < MIN_KEY_BYTES) {
      throw new Error(
        `key ${index + 1} must be at least ${MIN_KEY_BYTES} bytes in hex or base64; make one with: openssl rand -base64 32`,
      );
    }
    return createSecretKey(bytes);
  });
  return keys as [KeyObject, ...KeyObject[]];
}

function keyBytes(text: string): Buffer | undefined {
  // Hex first: its letters are base64 too, but nobody means 64 hex digits as 48 bytes of base64.
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return Buffer.from(text, 'base64');
  return undefined;
}
