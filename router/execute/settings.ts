/** What an operator may set about subgraphs that are slow or away. */
import { integer } from '@souk/kit/settings/kinds';
import { z } from 'zod';
import { BREAKER_DEFAULTS, type BreakerOptions } from './breaker.ts';

const timeouts = z.string().transform((text, context) => {
  const limits: Record<string, number> = {};
  for (const pair of text.split(',')) {
    const [, name, milliseconds] = /^\s*([\w-]+)\s*=\s*(\d{2,6})\s*$/.exec(pair) ?? [];
    if (name === undefined) {
      context.addIssue({
        code: 'custom',
        message: 'must be name=milliseconds pairs with commas between them',
      });
      return z.NEVER;
    }
    limits[name] = Number(milliseconds);
  }
  return limits;
});

export const FAULT_SETTINGS = {
  ROUTER_SUBGRAPH_TIMEOUTS: timeouts.optional(),
  ROUTER_BREAKER_PERCENT: integer(0, 100).default(BREAKER_DEFAULTS.openAtPercent),
  ROUTER_BREAKER_REQUESTS: integer(1, 1_000_000).default(BREAKER_DEFAULTS.minRequests),
  ROUTER_BREAKER_OPEN_MS: integer(10, 600_000).default(BREAKER_DEFAULTS.openMs),
};

export type FaultSettings = z.output<z.ZodObject<typeof FAULT_SETTINGS>>;

export function breakerOptionsOf(settings: FaultSettings): BreakerOptions {
  return {
    openAtPercent: settings.ROUTER_BREAKER_PERCENT,
    minRequests: settings.ROUTER_BREAKER_REQUESTS,
    openMs: settings.ROUTER_BREAKER_OPEN_MS,
  };
}
