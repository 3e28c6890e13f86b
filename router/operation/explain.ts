/** What an operation was made of and how long each part took, for who asks for it in development. */
import type { HttpRequest } from '@souk/kit/http/handler';
import type { PlannedFetch, SubgraphFetch } from '../execute/executor.ts';
import type { Trail } from '../trail.ts';

/** `graphql-plan: report` asks for the plan in `extensions.plan`, and for the times in `server-timing`. */
export const PLAN_HEADER = 'graphql-plan';
const REPORT = 'report';

export interface PlanReport {
  /** False when the operation came by for the first time, and `planMs` went into planning it. */
  isKept: boolean;
  planMs: number;
  fetches: FetchReport[];
}

export interface FetchReport extends PlannedFetch {
  /** Absent when it was not needed: nothing was there to ask more of. */
  outcome?: string;
  /** After the first one began. */
  startMs?: number;
  ms?: number;
}

export function wantsPlan({ headers }: HttpRequest): boolean {
  return headers[PLAN_HEADER] === REPORT;
}

/** Requests that stand in no plan, as when one that was sent for several is sent again for each, come last. */
export function planReport(planned: readonly PlannedFetch[], { fetches, plan }: Trail): PlanReport {
  const left = [...fetches];
  const first = Math.min(...fetches.map(({ started }) => started));
  const take = ({ subgraph, operation }: PlannedFetch): SubgraphFetch | undefined => {
    const at = left.findIndex((fetch) => fetch.subgraph === subgraph && fetch.operation === operation);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const times = (fetch: SubgraphFetch | undefined) =>
    fetch && {
      outcome: fetch.outcome,
      startMs: tenths(fetch.started - first),
      ms: tenths(fetch.seconds * 1000),
    };
  const reports: FetchReport[] = planned.map((one) => ({ ...one, ...times(take(one)) }));
  for (const fetch of left) {
    const { subgraph, operation } = fetch;
    reports.push({ subgraph, operation, paths: [], waitsFor: [], ...times(fetch) });
  }
  return { isKept: plan?.isKept ?? true, planMs: tenths((plan?.seconds ?? 0) * 1000), fetches: reports };
}

/** As browsers show it beside a request. */
export function serverTiming({ fetches, plan }: Trail, milliseconds: number): string {
  const parts = [`total;dur=${tenths(milliseconds)}`];
  if (plan) parts.push(`plan;dur=${tenths(plan.seconds * 1000)}`);
  for (const { subgraph, seconds } of fetches) {
    parts.push(`fetch;desc="${subgraph}";dur=${tenths(seconds * 1000)}`);
  }
  return parts.join(', ');
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
