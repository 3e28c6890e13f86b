/**
 * One of several processes at a time, by a key in Redis that runs out when its holder dies. What is written through
 * `whileHeld` is written only while the lease still stands: a process that was paused past its end writes nothing.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { hostname } from 'node:os';
import type { ChainableCommander, Redis } from 'ioredis';

export interface Lease {
  /** False while another process has it. */
  take(): Promise<boolean>;
  /** All of these commands, or none: undefined when the lease is lost. The lease is renewed with them. */
  whileHeld(fill: (transaction: ChainableCommander) => void): Promise<unknown[] | undefined>;
  /** As far as this process can know without asking. */
  isHeld(): boolean;
  /** Ends it; with these commands, if it was still held. */
  release(fill?: (transaction: ChainableCommander) => void): Promise<void>;
  close(): void;
}

export interface LeaseOptions {
  /** Its options are taken over; the lease has a connection of its own, since WATCH belongs to one. */
  redis: Redis;
  key: string;
  leaseMs: number;
}

const CONNECT_WITHIN_MS = 2_000;

export function createLease({ redis: shared, key, leaseMs }: LeaseOptions): Lease {
  // A command is never sent again by the client: what became of it is found out by looking.
  const redis = shared.duplicate({ maxRetriesPerRequest: 0, lazyConnect: false });
  // Whoever uses the lease is told by the command that failed.
  redis.on('error', () => {});
  let connections = 0;
  redis.on('close', () => {
    connections += 1;
  });
  let heldUntil = 0;
  const holder = `${hostname()}:${process.pid}:${randomUUID()}`;

  const ready = async () => {
    if (redis.status === 'ready') return;
    await once(redis, 'ready', { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) }).catch((cause) => {
      throw new Error('Connection is closed.', { cause });
    });
  };

  const guarded = async (fill: (transaction: ChainableCommander) => void) => {
    await ready();
    const connection = connections;
    const [, held] = (await redis.pipeline().watch(key).get(key).exec()) ?? [];
    if (held?.[1] !== holder) {
      if (held?.[0]) throw held[0];
      await redis.unwatch();
      return undefined;
    }
    // On another connection nothing is watched.
    if (connections !== connection || redis.status !== 'ready') throw new Error('Connection is closed.');
    const transaction = redis.multi();
    fill(transaction);
    const outcomes = await transaction.exec();
    const fault = outcomes?.find(([error]) => error)?.[0];
    if (fault) throw fault;
    return outcomes?.map(([, value]) => value);
  };

  // One at a time: an EXEC ends what another one watches.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  };

  return {
    take: () =>
      inTurn(async () => {
        await ready();
        const until = performance.now() + leaseMs;
        const outcomes = await redis.pipeline().set(key, holder, 'PX', leaseMs, 'NX').get(key).exec();
        const fault = outcomes?.find(([error]) => error)?.[0];
        if (fault) throw fault;
        if (outcomes?.[0]?.[1] === 'OK') heldUntil = until;
        // Asked for, rather than concluded from the SET: an earlier one may have been granted while its answer got lost.
        return outcomes?.[1]?.[1] === holder;
      }),
    whileHeld: (fill) =>
      inTurn(async () => {
        const until = performance.now() + leaseMs;
        const outcomes = await guarded((transaction) => {
          fill(transaction);
          transaction.pexpire(key, leaseMs);
        });
        heldUntil = outcomes ? until : 0;
        return outcomes;
      }),
    isHeld: () => performance.now() < heldUntil,
    release: (fill = () => {}) =>
      inTurn(async () => {
        heldUntil = 0;
        await guarded((transaction) => {
          fill(transaction);
          transaction.del(key);
        });
      }),
    close: () => redis.disconnect(),
  };
}
