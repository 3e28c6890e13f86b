/** What an operation may cost: refused when it would be too dear, and told to whoever asks. */
import type { HttpRequest } from '@souk/kit/http/handler';
import { RenderedData } from '../execute/executor.ts';
import { type Refusal, refuseOperation } from '../refusal.ts';
import type { Variables } from './argument-values.ts';
import { countValues, type Priced, type Pricing } from './cost.ts';
import { tooMuch } from './limits.ts';

export interface CostOptions {
  maxCost: number;
  /** How long a list is taken to be that the schema says nothing of. */
  listSize: number;
}

/** The dearest operation of a shop's clients, a page of a hundred products with their prices, costs about 1,300. */
export const COST_DEFAULTS: CostOptions = { maxCost: 10_000, listSize: 10 };

/** `graphql-cost: report` asks for the cost in `extensions.cost`. */
export const COST_HEADER = 'graphql-cost';
const REPORT = 'report';

export interface Charge {
  ok: true;
  estimated: number;
  /** What is told of it, when it was asked for. */
  report(data: unknown): { cost: CostReport } | undefined;
}

export interface CostReport {
  estimated: number;
  actual: number;
  max: number;
}

export function chargeFor(
  pricing: Pricing,
  maxCost: number,
  priced: Priced,
  variables: Variables,
  { headers }: HttpRequest,
): Charge | Refusal {
  const estimate = pricing.estimate(priced, variables);
  if (!estimate.ok) return refuseOperation('BAD_USER_INPUT', estimate.message);
  const { cost: estimated } = estimate;
  // Also what is no number: a size beyond all numbers times nothing.
  if (!(estimated <= maxCost)) {
    const message = tooMuch(
      `would cost about ${Math.min(estimated, Number.MAX_SAFE_INTEGER)}`,
      maxCost,
      'ROUTER_MAX_COST',
    );
    return refuseOperation('OPERATION_TOO_LARGE', message);
  }
  return {
    ok: true,
    estimated,
    report: (data) => {
      if (headers[COST_HEADER] !== REPORT) return undefined;
      const actual = pricing.actual(priced, variables, countValues(plain(data)));
      return { cost: { estimated, actual, max: maxCost } };
    },
  };
}

/** Read again only for who asks for the cost, which is for development. */
function plain(data: unknown): unknown {
  return data instanceof RenderedData ? JSON.parse(Buffer.from(data.wireText, 'latin1').toString()) : data;
}
