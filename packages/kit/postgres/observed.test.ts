import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { noTraces } from '../observe/traces.ts';
import { observePool } from './observed.ts';

/** A pool of one connection whose statements fail as they are told to. */
function failingPool(error: Error) {
  const released: (Error | undefined)[] = [];
  const client = Object.assign(new EventEmitter(), {
    query: () => Promise.reject(error),
    release: (broken?: Error) => released.push(broken),
  });
  const pool = Object.assign(new EventEmitter(), { connect: async () => client }) as unknown as Pool;
  observePool(pool, { traces: noTraces, prepare: true });
  pool.emit('connect', client);
  return { pool, released };
}

test.each([
  ['the server is shutting down', { code: '57P01' }],
  ['the connection was reset', { code: 'ECONNRESET' }],
  ['no answer came in time', { message: 'Query read timeout' }],
])('a connection is thrown away when %s', async (_, fields) => {
  const error = Object.assign(new Error('failed'), fields);
  const { pool, released } = failingPool(error);
  await expect(pool.query('select 1')).rejects.toBe(error);
  expect(released).toEqual([error]);
});

test('a connection is kept when only the statement was wrong', async () => {
  const { pool, released } = failingPool(Object.assign(new Error('syntax error'), { code: '42601' }));
  await expect(pool.query('selct 1')).rejects.toThrow('syntax error');
  expect(released).toEqual([undefined]);
});
