/** Verifies access tokens (JWT, EdDSA) against the keys that their issuer publishes, each token once. */
import { createHash } from 'node:crypto';
import { EMPTY_BODY, type Handler } from '@souk/kit/http/handler';
import type { Log } from '@souk/kit/observe/log';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { type Holder, holderOf, text } from './claims.ts';
import type { Revocable, Revocations } from './revocations.ts';

export interface TokenOptions {
  /** Where the issuer publishes its keys. */
  jwksUrl: string;
  /** Answers at that URL's path when the issuer is in the same process. */
  keysHandler?: Handler;
  /** `iss` must be this one. */
  issuer?: string;
  /** `aud` must have this one. */
  audience?: string;
  /** `typ` of the header; RFC 9068 says `at+jwt`, so that no other token of the same issuer passes for one. */
  type?: string;
  clockSkewSeconds?: number;
  /** Tokens with made-up key ids must not become requests to the issuer: 10 s between two when not given. */
  keysCooldownMs?: number;
  /** A key that its issuer took back is trusted for so long at most: 5 minutes when not given. */
  keysRefreshMs?: number;
  /** The claim that lists the policies a token grants: `policies` when not given. */
  policiesClaim?: string;
  /** Ends tokens before they expire; none may live longer than that is remembered. */
  revocations?: { book: Revocations; keptMs: number };
  log: Log;
}

/** What of a token is asked about again while its holder stays connected. */
export interface Pass {
  /** Milliseconds since 1970, clock skew included. */
  until: number;
  revocable: Revocable | undefined;
}

export type TokenOutcome =
  | { ok: true; viewer: Holder; pass: Pass }
  /** The caller's token is no good. */
  | { ok: false; reason: 'expired' | 'invalid' | 'revoked' }
  /** It could not be told: the keys are out of reach. */
  | { ok: false; reason: 'no keys' };

export interface Tokens {
  verify(token: string): Promise<TokenOutcome>;
  stop(): void;
}

/** New ones are fetched when a token names them. */
const REFRESH_KEYS_MS = 300_000;
const KEYS_COOLDOWN_MS = 10_000;
const FETCH_KEYS_WITHIN_MS = 5_000;
/** While the issuer is away, it is asked for new keys no more often than this. */
const KEYS_RETRY_MS = 1_000;
const MAX_REMEMBERED = 10_000;
/** A token with a hundred scopes takes 4 KB. */
const MAX_TOKEN_LENGTH = 8_192;
const ALGORITHMS = ['EdDSA', 'Ed25519'];

interface Remembered {
  viewer: Holder;
  pass: Pass;
}

export function createTokens(options: TokenOptions, now: () => number = Date.now): Tokens {
  const { jwksUrl, keysHandler, issuer, audience, type, clockSkewSeconds = 5, log } = options;
  const { policiesClaim = 'policies', revocations } = options;
  const { book } = revocations ?? {};
  /** By hash, so that memory holds nobody's token. */
  const remembered = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED });
  let failedAt = Number.NEGATIVE_INFINITY;
  let published: string | undefined;
  const fetchKeys: FetchImplementation = async (url, init) => {
    // Made-up key ids must not become requests to an issuer that is away, nor wait for it.
    if (published !== undefined && performance.now() - failedAt < KEYS_RETRY_MS) {
      throw new Error('the issuer did not answer a moment ago');
    }
    try {
      const response = await (keysHandler ? fetchFrom(keysHandler)(url, init) : fetch(url, init));
      const text = await response.text();
      // Not before the new keys are in use: whatever a key verified that is gone is verified again.
      if (response.ok && published !== text) setImmediate(() => remembered.clear());
      if (response.ok) published = text;
      return new Response(text, response);
    } catch (error) {
      failedAt = performance.now();
      throw error;
    }
  };
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    // Known keys serve on while the issuer is away: the timer below renews them, not their age.
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: options.keysCooldownMs ?? KEYS_COOLDOWN_MS,
    timeoutDuration: FETCH_KEYS_WITHIN_MS,
    [customFetch]: fetchKeys,
  });
  const refresh = setInterval(() => {
    keys
      .reload()
      .catch((error: Error) =>
        log.warn({ jwksUrl, detail: error.message }, 'The token keys could not be renewed'),
      );
  }, options.keysRefreshMs ?? REFRESH_KEYS_MS);
  refresh.unref();

  const check = (token: string) =>
    jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(now()),
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
      ...(type === undefined ? {} : { typ: type }),
    });

  /** What signatures do not tell: that it is somebody's, not made in the future, and not beyond the memory of revocations. */
  const isSound = ({ sub, iat, exp }: JWTPayload): boolean => {
    const latest = now() / 1_000 + clockSkewSeconds;
    if (text(sub) === undefined || (iat !== undefined && !(iat <= latest))) return false;
    if (!revocations || exp! <= latest + revocations.keptMs / 1_000) return true;
    log.warn('A token lives longer than revocations are remembered, and is refused');
    return false;
  };

  const outcomeOf = ({ viewer, pass }: Remembered): TokenOutcome => {
    if (pass.until <= now()) return { ok: false, reason: 'expired' };
    const isEnded = pass.revocable && book!.ended(pass.revocable);
    return isEnded ? { ok: false, reason: 'revoked' } : { ok: true, viewer, pass };
  };

  return {
    verify: async (token) => {
      if (token.length > MAX_TOKEN_LENGTH) return { ok: false, reason: 'invalid' };
      const hash = createHash('sha256').update(token).digest('base64');
      const known = remembered.get(hash);
      if (known) return outcomeOf(known);
      try {
        const { payload } = await check(token);
        if (!isSound(payload)) return { ok: false, reason: 'invalid' };
        const fresh: Remembered = {
          viewer: holderOf(payload, policiesClaim),
          pass: { revocable: book?.of(payload), until: (payload.exp! + clockSkewSeconds) * 1000 },
        };
        remembered.set(hash, fresh);
        return outcomeOf(fresh);
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { ok: false, reason: 'expired' };
        if (saysTokenIsBad(error)) return { ok: false, reason: 'invalid' };
        log.error({ jwksUrl, detail: (error as Error).message }, 'The token keys could not be fetched');
        return { ok: false, reason: 'no keys' };
      }
    },
    stop: () => clearInterval(refresh),
  };
}

function fetchFrom(handler: Handler): FetchImplementation {
  return async (url) => {
    const { pathname, search } = new URL(url);
    const request = { method: 'GET', path: pathname, query: search.slice(1), headers: {}, body: EMPTY_BODY };
    const { status, headers, body } = await handler(request);
    return new Response(body.toString(), { status, headers });
  };
}

/** What else can go wrong is the fetch of the keys, which says nothing about the token. */
function saysTokenIsBad(error: unknown): boolean {
  return (
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}
