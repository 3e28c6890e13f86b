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
const SLOW_CONSUMER = 'SLOW_CONSUMER';
/** Of a socket that was closed because its client did not read. */
const SLOW_CLOSE = 4413;
/** Cut off so often within the time, a client will never keep up. */
const HOPELESS = { cuts: 3, withinMs: 60_000 };

interface CloseReason {
  code?: number;
  reason?: string;
}

/** For one subscription: the error to end it with, or nothing when it should be tried again. */
export function verdictOn(): (fault: unknown) => LiveError | undefined {
  let cuts: number[] = [];
  const isHopeless = () => {
    const now = Date.now();
    cuts = [...cuts.filter((at) => now - at < HOPELESS.withinMs), now];
    return cuts.length >= HOPELESS.cuts;
  };
  return (fault) => {
    if (fault instanceof LiveError) return fault;
    const error = Array.isArray(fault) ? toldError(fault as GraphQLFormattedError[]) : closeError(fault);
    return error?.code === SLOW_CONSUMER && !isHopeless() ? undefined : error;
  };
}

function toldError([first]: readonly GraphQLFormattedError[]): LiveError | undefined {
  const code = String(first?.extensions?.code ?? 'INTERNAL_SERVER_ERROR');
  return PASSING.has(code) ? undefined : new LiveError(code, first?.message ?? '', { ...first?.extensions });
}

/** Also of a fault without a code, such as that nobody listens: a pause. */
function closeError(fault: unknown): LiveError | undefined {
  const { code, reason = '' } = (fault ?? {}) as CloseReason;
  const name = code === SLOW_CLOSE ? SLOW_CONSUMER : FINAL_CLOSES[Number(code)];
  return name === undefined ? undefined : new LiveError(name, reason);
}
