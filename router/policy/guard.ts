/** Who comes in: told by their token, unless it was ended early, and not more often than they may. */

import type { HttpRequest } from '@souk/kit/http/handler';
import type { LesserCheck } from '@souk/kit/http/health';
import type { Log } from '@souk/kit/observe/log';
import type { Registry } from 'prom-client';
import { type Refusal, refuseRequest } from '../refusal.ts';
import type { Holder } from './claims.ts';
import { clientAddress, networkOf, trustProxies } from './client-address.ts';
import { createGuardMetrics } from './guard-metrics.ts';
import { type Hearing, hearRevocations } from './hear-revocations.ts';
import { createRateLimiter, type RateVerdict, WINDOW_MS } from './rate-limit.ts';
import { openRedisLink, type RedisLink } from './redis-link.ts';
import { createRevocations } from './revocations.ts';
import { createTokens, type Pass, type TokenOptions } from './tokens.ts';
import { viewerOf } from './viewer.ts';

export interface GuardOptions {
  /** Without it everyone is a guest. */
  tokens?: Omit<TokenOptions, 'log' | 'revocations'> | undefined;
  /** Heard from Redis; without it tokens hold until they expire. */
  revocations?: RevocationSource | undefined;
  /** Requests a minute; without it nobody is limited. */
  rates?: Rates | undefined;
  /** Ranges of addresses whose `x-forwarded-for` is believed. */
  trustedProxies?: readonly string[] | undefined;
  /** Where revocations come from, and where routers share their counts; it may also be told later, by `connectRedis`. */
  redisUrl?: string | undefined;
}

export interface RevocationSource {
  channel: string;
  stream: string;
  /** Field of a message -> claim of a token. */
  claims?: Readonly<Record<string, string>> | undefined;
  /** At least as long as a token lives. */
  keptSeconds?: number;
}

/** 0 limits nobody of the kind. */
export interface Rates {
  perAddress: number;
  perViewer: number;
}

export type Admission = { ok: true; viewer: Holder; pass?: Pass; headers: Record<string, string> } | Refusal;

export interface Guard {
  /** `operations` of one batch count one by one. */
  admit(request: HttpRequest, operations: number): Promise<Admission>;
  /** Whether somebody who was admitted and stays has to go, since their token was ended. */
  isEnded(pass: Pass): boolean;
  /** How many revocations have been heard: `isEnded` says the same as before as long as this does. */
  revocationsHeard(): number;
  /** Where a client is, as far as the proxies in between are trusted: an address, or the network that has it. */
  networkOf(request: HttpRequest): string | undefined;
  connectRedis(url: string): void;
  checks: Record<string, LesserCheck>;
  stop(): Promise<void>;
}

/** Twice the life of a common access token, for clocks that differ. */
export const REVOCATIONS_KEPT_SECONDS = 1_800;
const CLAIMS = { userId: 'sub', sessionId: 'sid', apiKeyId: 'client_id' };
/** How late a router may know what the others have counted. */
const EXCHANGE_EVERY_MS = 100;

export function createGuard(
  options: GuardOptions,
  { log, registry }: { log: Log; registry: Registry },
): Guard {
  const { rates, trustedProxies = [] } = options;
  const proxies = trustProxies(trustedProxies);
  const source = options.tokens && options.revocations;
  const keptMs = (source?.keptSeconds ?? REVOCATIONS_KEPT_SECONDS) * 1_000;
  const book = source && createRevocations({ claims: source.claims ?? CLAIMS, keptMs });
  const tokens =
    options.tokens &&
    createTokens({ ...options.tokens, log, ...(book ? { revocations: { book, keptMs } } : {}) });
  const limiter = createRateLimiter();
  let link: RedisLink | undefined;
  let hearing: Hearing | undefined;
  let exchanging = false;
  const metrics = createGuardMetrics(registry, {
    ...(book ? { revocations: { heard: () => hearing?.heard() ?? false, kept: book.size } } : {}),
  });

  let toldOfProxies = trustedProxies.length > 0;
  const tellOfProxies = ({ headers }: HttpRequest): void => {
    if (toldOfProxies || headers['x-forwarded-for'] === undefined) return;
    toldOfProxies = true;
    log.warn(
      'Requests come through a proxy that is not trusted; set ROUTER_TRUSTED_PROXIES to tell their clients apart',
    );
  };

  const exchange = async (): Promise<void> => {
    if (!link || exchanging) return;
    exchanging = true;
    try {
      await limiter.exchange(link.counts);
    } catch {
      // Redis is away, as the link has said: what could not be told is told later.
    } finally {
      exchanging = false;
    }
  };
  const exchanges = rates && setInterval(exchange, EXCHANGE_EVERY_MS);
  exchanges?.unref();

  const connectRedis = (url: string): void => {
    if (link || !(rates || source)) return;
    link = openRedisLink(url, log);
    if (source && book) hearing = hearRevocations({ ...source, keptMs, redis: link.redis, book, log });
  };
  if (options.redisUrl !== undefined) connectRedis(options.redisUrl);

  const checks: Record<string, LesserCheck> = {};
  if (rates) checks['rate limit'] = { lesser: async () => await (link ?? fail('no Redis yet')).redis.ping() };
  if (source) checks.revocations = { lesser: async () => hearing?.heard() || fail('not heard') };

  return {
    admit: async (request, operations) => {
      const known = await viewerOf(request, tokens, proxies);
      if (rates) tellOfProxies(request);
      const caller = rates && callerOf(known.ok ? known.viewer : undefined, request, rates);
      if (!caller) return known.ok ? { ...known, headers: {} } : known;
      const verdict = limiter.take(caller.key, caller.limit, operations);
      const headers = headersOf(verdict, caller.limit);
      if (!verdict.allowed) {
        metrics.limited(caller.kind);
        return tooMany(verdict, caller.limit, headers);
      }
      return known.ok ? { ...known, headers } : { ...known, headers: { ...known.headers, ...headers } };
    },
    isEnded: ({ revocable }) => revocable !== undefined && (book?.ended(revocable) ?? false),
    revocationsHeard: () => book?.heard() ?? 0,
    networkOf: (request) => {
      const address = clientAddress(request, proxies);
      return address === undefined ? undefined : networkOf(address);
    },
    connectRedis,
    checks,
    stop: async () => {
      clearInterval(exchanges);
      tokens?.stop();
      await hearing?.stop();
      await exchange();
      link?.close();
    },
  };

  /** A token that is no good counts for the address that it came from. */
  function callerOf(viewer: Holder | undefined, request: HttpRequest, { perAddress, perViewer }: Rates) {
    const id = viewer?.userId ?? viewer?.apiKeyId;
    if (id !== undefined) {
      const kind = viewer?.userId === undefined ? 'k' : 'u';
      return perViewer > 0 ? { kind: 'viewer' as const, key: `${kind}:${id}`, limit: perViewer } : undefined;
    }
    const address = viewer?.ip ?? request.ip;
    // A call within the process has none, and is limited by whoever made it.
    if (address === undefined || perAddress === 0) return undefined;
    return { kind: 'address' as const, key: `a:${networkOf(address)}`, limit: perAddress };
  }
}

function fail(reason: string): never {
  throw new Error(reason);
}

function headersOf({ remaining, resetSeconds }: RateVerdict, limit: number): Record<string, string> {
  return {
    'ratelimit-limit': `${limit}`,
    'ratelimit-remaining': `${remaining}`,
    'ratelimit-reset': `${resetSeconds}`,
    'ratelimit-policy': `${limit};w=${WINDOW_MS / 1_000}`,
  };
}

function tooMany({ resetSeconds }: RateVerdict, limit: number, headers: Record<string, string>): Refusal {
  return refuseRequest(
    'RATE_LIMITED',
    `More than ${limit} requests in a minute; try again in ${resetSeconds} s`,
    { headers: { ...headers, 'retry-after': `${resetSeconds}` } },
  );
}
