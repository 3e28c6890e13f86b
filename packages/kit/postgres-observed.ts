/**
 * Sees every statement that goes through a postgres.js client: counts it for the request that sent it, gives it a span,
 * and has it prepared. Drizzle leaves statements unprepared, which costs a second trip to the server for each.
 */
import type { Sql } from 'postgres';
import { beginRoundTrip } from './round-trips.ts';
import type { Traces } from './traces.ts';

/** Each connection keeps what it prepared, in memory on both sides; a program has fewer statements than this. */
const MAX_PREPARED = 1_000;

type Unsafe = (text: string, parameters?: unknown[], options?: { prepare?: boolean }) => PendingQuery;
type Scope = (client: object) => unknown;

/** postgres.js sends a query off when it is first awaited: that calls `handle`. */
interface PendingQuery extends Promise<unknown> {
  handle(): Promise<void>;
}

export function observeQueries(client: Sql, traces: Traces): Sql {
  const known = new Set<string>();

  const unsafeOf =
    (target: { unsafe: Unsafe }): Unsafe =>
    (text, parameters = [], options = {}) => {
      const prepare = parameters.length > 0 && (known.has(text) || known.size < MAX_PREPARED);
      if (prepare) known.add(text);
      return observed(target.unsafe(text, parameters, { ...options, prepare }), text, traces);
    };

  /** `begin` and `commit` travel too. */
  const beginOf =
    (target: { begin(...args: unknown[]): unknown }) =>
    (...args: unknown[]) => {
      const scope = args.pop() as Scope;
      beginRoundTrip('postgres', 'begin', traces)?.end();
      return target.begin(...args, async (inner: object) => {
        const value = await scope(wrap(inner));
        beginRoundTrip('postgres', 'commit', traces)?.end();
        return value;
      });
    };

  const savepointOf = (target: { savepoint(scope: Scope): unknown }) => (scope: Scope) =>
    target.savepoint((inner) => scope(wrap(inner)));

  const wrap = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(original, property) {
        if (property === 'unsafe') return unsafeOf(original as never);
        if (property === 'begin') return beginOf(original as never);
        if (property === 'savepoint') return savepointOf(original as never);
        return Reflect.get(original, property);
      },
    });

  return wrap(client);
}

function observed(query: PendingQuery, text: string, traces: Traces): PendingQuery {
  const handle = query.handle;
  let sent = false;
  query.handle = function (this: PendingQuery) {
    if (!sent) {
      sent = true;
      const span = beginRoundTrip('postgres', text, traces);
      if (span) {
        const failed = (error: unknown) => {
          span.fail(error);
          span.end();
        };
        // The plain promise's `then`: the query's own would send it off again.
        Promise.prototype.then.call(query, () => span.end(), failed);
      }
    }
    return handle.call(this);
  };
  return query;
}
