/** Redis through ioredis: a connection, its health, round trips counted. */
import { type Command, Redis } from 'ioredis';
import { withoutPassword } from '../observe/log.ts';
import { beginRoundTrip } from '../observe/round-trips.ts';
import { noTraces, type Traces } from '../observe/traces.ts';

export interface RedisOptions {
  url: string;
  /** Told to the server, so that its operator sees whose connections they are. */
  service: string;
  /** How long the server may take to come up: 10 s when not given. */
  connectWithinMs?: number;
  /** Told once a second at most while the server is away. */
  warn?: (message: string) => void;
  traces?: Traces;
}

export interface OpenRedis {
  redis: Redis;
  check(): Promise<void>;
  close(): Promise<void>;
}

const CONNECT_WITHIN_MS = 10_000;
const MAX_RECONNECT_DELAY_MS = 2_000;

export async function openRedis(options: RedisOptions): Promise<OpenRedis> {
  const { url, service, traces = noTraces, warn = () => {} } = options;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectionName: `souk-${service}`,
    connectTimeout: 5_000,
    disconnectTimeout: 500,
    // A command fails after two attempts to reconnect rather than waiting for ever.
    maxRetriesPerRequest: 2,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_DELAY_MS),
  });
  let latest = 'no answer';
  let warnedAt = 0;
  redis.on('error', (error: Error) => {
    latest = error.message;
    if (Date.now() - warnedAt < 1_000) return;
    warnedAt = Date.now();
    warn(`Redis at ${withoutPassword(url)}: ${error.message}`);
  });
  observeCommands(redis, traces);
  await connect(redis, options, () => latest);
  return {
    redis,
    check: async () => {
      await redis.ping();
    },
    close: async () => {
      // `quit` lets pending commands end, but needs a server that is there.
      if (redis.status === 'ready') await redis.quit();
      else redis.disconnect();
    },
  };
}

async function connect(redis: Redis, options: RedisOptions, latest: () => string): Promise<void> {
  const { url, service, connectWithinMs = CONNECT_WITHIN_MS } = options;
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<boolean>((resolve) => {
    redis.once('ready', () => resolve(true));
    timer = setTimeout(() => resolve(false), connectWithinMs);
  });
  // It goes on trying by itself; `ready` tells the outcome.
  redis.connect().catch(() => {});
  const isReady = await ready;
  clearTimeout(timer);
  if (isReady) return;
  redis.disconnect();
  throw new Error(
    `${service}: cannot use Redis at ${withoutPassword(url)}: ${latest()}. Check REDIS_URL and that the server runs.`,
  );
}

type Stream = Parameters<Redis['sendCommand']>[1];

/** The commands of a pipeline travel together. */
function observeCommands(redis: Redis, traces: Traces): void {
  const counted = new WeakSet<object>();
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command: Command, stream?: Stream) => {
    const isFollower = stream !== undefined && counted.has(stream);
    if (stream) counted.add(stream);
    const span = isFollower ? undefined : beginRoundTrip('redis', command.name, traces);
    if (span) {
      command.promise.then(
        () => span.end(),
        (error: unknown) => {
          span.fail(error);
          span.end();
        },
      );
    }
    return send(command, stream);
  };
}
