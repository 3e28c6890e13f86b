/**
 * Sees every statement that goes through a pool: counts it for the request that sent it, gives it a span, and has it
 * prepared under a name, so that the server parses and plans it once a connection.
 */
import type { Pool, PoolClient, QueryResult } from 'pg';
import { isStoreAway } from '../errors/store-faults.ts';
import { beginRoundTrip } from '../observe/round-trips.ts';
import type { Traces } from '../observe/traces.ts';

export interface ObserveOptions {
  traces: Traces;
  /** Off behind a pooler that hands each transaction another connection. */
  prepare: boolean;
}

/** Each connection keeps what it prepared, in memory on both sides; a program has fewer statements than this. */
const MAX_PREPARED = 1_000;

interface Statement {
  text: string;
  name?: string;
}

type Query = (statement: string | Statement, parameters?: unknown[]) => Promise<QueryResult>;

export function observePool(pool: Pool, { traces, prepare }: ObserveOptions): void {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MAX_PREPARED) return known;
    const name = `souk_${names.size + 1}`;
    names.set(text, name);
    return name;
  };

  pool.on('connect', (client) => {
    const send = client.query.bind(client) as Query;
    const query: Query = async (statement, parameters) => {
      const text = typeof statement === 'string' ? statement : statement.text;
      const name = prepare && parameters !== undefined && parameters.length > 0 ? nameOf(text) : undefined;
      const span = beginRoundTrip('postgres', text, traces);
      try {
        return await send(name === undefined ? statement : named(statement, name), parameters);
      } catch (error) {
        span?.fail(error);
        throw error;
      } finally {
        span?.end();
      }
    };
    client.query = query as PoolClient['query'];
    // While a connection is in use nobody else listens, and its loss would end the process; its query fails by itself.
    client.on('error', () => {});
  });

  // The pool's own calls back from whichever request frees a connection, and so would count for that one.
  pool.query = (async (statement: string | Statement, parameters?: unknown[]) => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      return await (client.query as Query)(statement, parameters);
    } catch (error) {
      if (isStoreAway(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }) as Pool['query'];
}

function named(statement: string | Statement, name: string): Statement {
  return typeof statement === 'string' ? { text: statement, name } : { ...statement, name };
}
