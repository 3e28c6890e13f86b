/** Runs the statements of a write command one by one; what fails is told by its place in the batch. */
import { MongoError } from '../errors.ts';
import type { Doc } from '../values/types.ts';
import { asMongoError, writeErrorDoc } from './failure.ts';

const MAX_BATCH = 100_000;
/** These end the command, not the statement: time is up, or the fault is ours. */
const FATAL_CODES = new Set([1, 50, 14031]);

export function checkBatchSize(count: number): void {
  if (count >= 1 && count <= MAX_BATCH) return;
  const message = `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${count} operations.`;
  throw new MongoError(16, 'InvalidLength', message);
}

export function runBatch<T>(
  statements: readonly T[],
  ordered: boolean,
  run: (statement: T, index: number) => void,
): { writeErrors?: Doc[] } {
  const writeErrors: Doc[] = [];
  for (let index = 0; index < statements.length; index++) {
    try {
      run(statements[index]!, index);
    } catch (error) {
      // Told to the client in the reply.
      if (FATAL_CODES.has(asMongoError(error).code)) throw error;
      writeErrors.push(writeErrorDoc(index, error));
      if (ordered) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}
