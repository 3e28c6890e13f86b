/** What the drivers' errors mean, told apart once for all rooms. */

/** PostgreSQL: shutting down, starting up, too many connections. */
const AWAY_SQLSTATES = new Set(['57P01', '57P02', '57P03', '53300', '08000', '08003', '08006']);
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);
const AWAY_NAMES = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoPoolClearedError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoWaitQueueTimeoutError',
  'MaxRetriesPerRequestError',
]);

/** node-postgres and ioredis have no codes for these. */
const AWAY_MESSAGES = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Cannot use a pool after calling end on the pool',
  'Connection is closed.',
]);

interface Fault {
  name?: string;
  code?: string | number;
  constraint?: string;
  keyPattern?: Record<string, unknown>;
  message?: string;
  cause?: unknown;
}

/** Whether the store itself is away, rather than a statement wrong: the caller may come back later. */
export function isStoreAway(error: unknown): boolean {
  return causes(error).some(
    ({ name, code, message }) =>
      AWAY_NAMES.has(name ?? '') ||
      AWAY_CODES.has(String(code)) ||
      AWAY_SQLSTATES.has(String(code)) ||
      AWAY_MESSAGES.has(message ?? ''),
  );
}

/** Name of the unique constraint or index that a write broke; nothing for any other error. */
export function violatedUnique(error: unknown): string | undefined {
  for (const fault of causes(error)) {
    if (fault.code === '23505') return fault.constraint ?? '';
    if (fault.code === 11000) return /index: (\S+)/.exec(fault.message ?? '')?.[1] ?? '';
  }
  return undefined;
}

/** Whether a transaction lost against another one, and would pass if it were run again. */
export function isLostRace(error: unknown): boolean {
  return causes(error).some(({ code }) => code === '40001' || code === '40P01');
}

/** Drivers and Drizzle wrap one another; a chain that bites its tail ends here too. */
function causes(error: unknown): Fault[] {
  const chain: Fault[] = [];
  let fault = error as Fault | undefined | null;
  while (fault && typeof fault === 'object' && chain.length < 8) {
    chain.push(fault);
    fault = fault.cause as Fault | undefined;
  }
  return chain;
}
