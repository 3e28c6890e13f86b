/** Whether a process lives, and whether it is ready for requests: what load balancers and orchestrators ask. */
import { type HttpResponse, jsonResponse } from './handler.ts';

/** Rejects when what it looks at is away. */
export type HealthCheck = () => Promise<unknown>;

/** Of what a process can do without for a while: it is told, and requests go on being sent here. */
export interface LesserCheck {
  lesser: HealthCheck;
}

export interface Health {
  /** Alive as long as the process answers at all; a store that is away is no reason to restart it. */
  live(): HttpResponse;
  /** Ready when every check passes, the lesser ones aside, and the process is not stopping. */
  ready(): Promise<HttpResponse>;
  /** From now on not ready, so that no new requests are sent here. */
  stopping(): void;
}

const CHECK_WITHIN_MS = 2_000;
/** Probes come from many sides; the stores are asked once a second at most. */
const FRESH_MS = 1_000;

const uncached = { 'cache-control': 'no-store' };

export function createHealth(
  checks: Record<string, HealthCheck | LesserCheck>,
  now: () => number = Date.now,
): Health {
  let stopping = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  let latest: Promise<Record<string, 'up' | 'down'>> | undefined;

  const ask = () => {
    if (!latest || now() - askedAt >= FRESH_MS) {
      askedAt = now();
      latest = runChecks(checks);
    }
    return latest;
  };

  return {
    live: () => jsonResponse(200, { status: 'live' }, uncached),
    ready: async () => {
      if (stopping) return jsonResponse(503, { status: 'stopping' }, uncached);
      const outcome = await ask();
      const down = Object.keys(outcome).filter((name) => outcome[name] === 'down');
      const isReady = down.every((name) => 'lesser' in checks[name]!);
      const status = !isReady ? 'not ready' : down.length === 0 ? 'ready' : 'degraded';
      return jsonResponse(isReady ? 200 : 503, { status, checks: outcome }, uncached);
    },
    stopping: () => {
      stopping = true;
    },
  };
}

async function runChecks(
  checks: Record<string, HealthCheck | LesserCheck>,
): Promise<Record<string, 'up' | 'down'>> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(
      async ([name, check]) =>
        [name, (await passes('lesser' in check ? check.lesser : check)) ? 'up' : 'down'] as const,
    ),
  );
  return Object.fromEntries(outcomes);
}

async function passes(check: HealthCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), CHECK_WITHIN_MS);
  });
  try {
    await Promise.race([check(), tooLate]);
    return true;
  } catch {
    // Why it is down is for the log of whoever uses the store; a probe is open to everyone.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
