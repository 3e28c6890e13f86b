/** Real servers for tests: whatever the URLs in the environment name. Each test file gets a place of its own there. */
import { describe } from '@jest/globals';
import { noTraces, type Traces } from '../observe/traces.ts';
import { newId } from '../values/ids.ts';

export const { POSTGRES_URL, MONGODB_URL, REDIS_URL } = process.env;

export const withPostgres = POSTGRES_URL === undefined ? describe.skip : describe;
export const withMongodb = MONGODB_URL === undefined ? describe.skip : describe;
export const withRedis = REDIS_URL === undefined ? describe.skip : describe;

/** A schema, database or key prefix that nobody else uses. */
export function ownName(label: string): string {
  return `kit_${label}_${newId('tst').slice(-12).toLowerCase()}`;
}

/** Records nothing; given to a store, its driver tells of each command (`commandStarted`), for tests that read them. */
export const heard: Traces = { ...noTraces };
