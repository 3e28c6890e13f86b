/** What an operator may set about who comes in, and how often. */
import { integer, redisUrl, url } from '@souk/kit/settings/kinds';
import { z } from 'zod';
import { trustProxies } from './client-address.ts';
import { type GuardOptions, type Rates, REVOCATIONS_KEPT_SECONDS } from './guard.ts';

/** Requests a minute. */
export const DEFAULT_RATES: Rates = { perAddress: 100, perViewer: 1_000 };

const list = z.string().transform((text) => text.split(',').map((part) => part.trim()));

const ranges = list.superRefine((names, context) => {
  try {
    trustProxies(names);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
});

const claims = list.transform((pairs, context) => {
  const parts = pairs.map((pair) => pair.split('=').map((part) => part.trim()));
  if (parts.every((part) => part.length === 2 && part.every((name) => name !== ''))) {
    return Object.fromEntries(parts) as Record<string, string>;
  }
  context.addIssue({ code: 'custom', message: 'must be field=claim pairs with commas between them' });
  return z.NEVER;
});

export const RATE_SETTINGS = {
  ROUTER_RATE_ADDRESS: integer(0, 10_000_000).default(DEFAULT_RATES.perAddress),
  ROUTER_RATE_VIEWER: integer(0, 10_000_000).default(DEFAULT_RATES.perViewer),
  ROUTER_TRUSTED_PROXIES: ranges.optional(),
};

export const GUARD_SETTINGS = {
  ...RATE_SETTINGS,
  REDIS_URL: redisUrl.optional(),
  ROUTER_REDIS_URL: redisUrl.optional(),
  ROUTER_JWKS_URL: url('http', 'https').optional(),
  ROUTER_JWT_ISSUER: z.string().optional(),
  ROUTER_JWT_AUDIENCE: z.string().optional(),
  ROUTER_JWT_TYPE: z.string().default('at+jwt'),
  ROUTER_JWT_CLOCK_SKEW_SECONDS: integer(0, 300).default(5),
  ROUTER_JWT_POLICIES_CLAIM: z.string().default('policies'),
  ROUTER_REVOCATIONS_CHANNEL: z.string().optional(),
  ROUTER_REVOCATIONS_STREAM: z.string().optional(),
  ROUTER_REVOCATIONS_CLAIMS: claims.optional(),
  ROUTER_REVOCATIONS_KEPT_SECONDS: integer(60, 604_800).default(REVOCATIONS_KEPT_SECONDS),
};

export type GuardSettings = z.output<z.ZodObject<typeof GUARD_SETTINGS>>;

export function guardOptionsOf(settings: GuardSettings): GuardOptions {
  const { ROUTER_RATE_ADDRESS: perAddress, ROUTER_RATE_VIEWER: perViewer } = settings;
  return {
    tokens: tokensOf(settings),
    revocations: revocationsOf(settings),
    rates: perAddress > 0 || perViewer > 0 ? { perAddress, perViewer } : undefined,
    trustedProxies: settings.ROUTER_TRUSTED_PROXIES,
    redisUrl: settings.ROUTER_REDIS_URL ?? settings.REDIS_URL,
  };
}

function tokensOf(settings: GuardSettings): GuardOptions['tokens'] {
  const { ROUTER_JWKS_URL: jwksUrl, ROUTER_JWT_ISSUER: issuer, ROUTER_JWT_AUDIENCE: audience } = settings;
  if (jwksUrl === undefined) return undefined;
  return {
    jwksUrl,
    type: settings.ROUTER_JWT_TYPE,
    clockSkewSeconds: settings.ROUTER_JWT_CLOCK_SKEW_SECONDS,
    policiesClaim: settings.ROUTER_JWT_POLICIES_CLAIM,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
}

function revocationsOf(settings: GuardSettings): GuardOptions['revocations'] {
  const { ROUTER_REVOCATIONS_CHANNEL: channel, ROUTER_REVOCATIONS_STREAM: stream } = settings;
  if (channel === undefined || stream === undefined) return undefined;
  return {
    channel,
    stream,
    claims: settings.ROUTER_REVOCATIONS_CLAIMS,
    keptSeconds: settings.ROUTER_REVOCATIONS_KEPT_SECONDS,
  };
}

/** Of settings that are right each by itself, but not together. */
export function guardFaults(env: Record<string, string | undefined>): string[] {
  const has = (name: string) => Boolean(env[name]?.trim());
  const faults: string[] = [];
  if (has('ROUTER_REVOCATIONS_CHANNEL') !== has('ROUTER_REVOCATIONS_STREAM')) {
    faults.push('ROUTER_REVOCATIONS_CHANNEL and ROUTER_REVOCATIONS_STREAM go together: set both or neither');
  }
  if (has('ROUTER_REVOCATIONS_CHANNEL') && !has('REDIS_URL') && !has('ROUTER_REDIS_URL')) {
    faults.push(
      'ROUTER_REVOCATIONS_CHANNEL needs ROUTER_REDIS_URL or REDIS_URL, where revocations are heard',
    );
  }
  return faults;
}
