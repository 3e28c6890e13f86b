// What stages that must hold documents may hold; there is no disk to spill to.
import { MongoError } from '../errors.ts';
import { sizeWithin } from '../expressions/meter.ts';
import type { Value } from '../values/types.ts';

export const MEMORY_LIMIT = 100 * 1024 * 1024;

export interface MemoryAccount {
  add(bytes: number): void;
  /** How much more may be held. */
  left(): number;
}

export function memoryAccount(exceeded: () => MongoError): MemoryAccount {
  let held = 0;
  return {
    add(bytes) {
      held += bytes;
      if (held > MEMORY_LIMIT) throw exceeded();
    },
    left: () => MEMORY_LIMIT - held,
  };
}

export function bytesOf(value: Value | undefined): number {
  return sizeWithin(value, MEMORY_LIMIT);
}

/** For stages that MongoDB would let write to disk. */
export function noDiskUse(message: string): MongoError {
  return new MongoError(292, 'QueryExceededMemoryLimitNoDiskUseAllowed', message);
}

/** For stages and accumulators that hold all in memory in MongoDB too. */
export function memoryExceeded(name: string): MongoError {
  return new MongoError(
    146,
    'ExceededMemoryLimit',
    `${name} used too much memory and cannot spill to disk. Memory limit: ${MEMORY_LIMIT} bytes`,
  );
}
