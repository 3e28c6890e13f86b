/** What ends a subscription, and what is a pause. */
import type { GraphQLFormattedError } from 'graphql';

/** Why a subscription will not go on. `code` is one of docs/errors.md. */
export class LiveError extends Error {
  override name = 'LiveError';
  code: string;
  /** What came with it: `oldest` of RESUME_EXPIRED, `cursor` of SLOW_CONSUMER. */
  extensions: Record<string, unknown>;

  constructor(code: string, message: string, extensions: Record<string, unknown> = {}) {
    super(message || code);
    this.code = code;
    this.extensions = extensions;
  }
}

/** Somebody is away or busy; they come back. */
const PASSING = new Set([
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'SUBGRAPH_CIRCUIT_OPEN',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_UNAVAILABLE',
]);
/** Closes that would only be repeated. All others, such as 1006 of a line that broke, are pauses. */
const FINAL_CLOSES: Record<number, string> = {
  4400: 'BAD_REQUEST',
  4403: 'FORBIDDEN',
  4406: 'NOT_ACCEPTABLE',
};
/** Cut off so often within the time, a client will never keep up. */
const HOPELESS = { cuts: 3, withinMs: 60_000 };

/** For one subscription: the error to end it with, or nothing when it should be tried again. */
export function verdictOn(): (fault: unknown) => LiveError | undefined {
  let cuts: number[] = [];
  return (fault) => {
    if (fault instanceof LiveError) return fault;
    if (!Array.isArray(fault)) return closeError(fault as { code?: unknown; reason?: unknown } | undefined);
    const [{ message, extensions = {} }] = fault as [GraphQLFormattedError];
    const code = String(extensions.code ?? 'INTERNAL_SERVER_ERROR');
    if (PASSING.has(code)) return undefined;
    if (code === 'SLOW_CONSUMER') {
      const now = Date.now();
      cuts = [...cuts.filter((at) => now - at < HOPELESS.withinMs), now];
      if (cuts.length < HOPELESS.cuts) return undefined;
    }
    return new LiveError(code, message, { ...extensions });
  };
}

function closeError(event: { code?: unknown; reason?: unknown } | undefined): LiveError | undefined {
  const code = FINAL_CLOSES[Number(event?.code)];
  return code === undefined ? undefined : new LiveError(code, String(event?.reason ?? ''));
}
