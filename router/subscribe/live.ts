/** A subscription on one supergraph: what its subgraph is asked, and how an event becomes a frame. */

import type { Caller, Operation } from '../execute/executor.ts';
import { answerBytes } from '../http/respond.ts';
import { type Allowed, withRestored } from '../operation/run.ts';
import type { Served } from '../operation/served.ts';
import { cursorReader, type Source, sourceOf } from './source.ts';

export interface Live {
  served: Served;
  source: Source;
  /** Those that the source uses; as the client sent them. */
  variables: Record<string, unknown>;
  cursorIn(event: Buffer): string | undefined;
  frame(event: Buffer, cursor: string | undefined, caller: Caller): Promise<Buffer>;
}

export type MadeLive =
  /** Without `live` no subgraph is asked: there is nothing to wait for. */
  { ok: true; live: Live | undefined } | { ok: false; reason: string };

export function makeLive(
  served: Served,
  { permitted, permissions }: Allowed,
  variables: Record<string, unknown>,
): MadeLive {
  const { document, definition, withheld } = permitted;
  const operation: Omit<Operation, 'caller'> = { document, definition, withheld, variables };
  const found = served.executor.source(operation);
  if (!found.ok) return found;
  if (!found.fetch) return { ok: true, live: undefined };
  const source = sourceOf(found.fetch, served.supergraph.schema);
  const live: Live = {
    served,
    source,
    variables: Object.fromEntries(
      source.variables.flatMap((name) =>
        Object.hasOwn(variables, name) && variables[name] !== undefined ? [[name, variables[name]]] : [],
      ),
    ),
    cursorIn: cursorReader(source),
    frame: async (event, cursor, caller) => {
      const answer = await served.executor.executeEvent({ ...operation, caller }, event);
      const { data, errors } = withRestored(answer, permitted, permissions);
      return answerBytes(data, errors, cursor === undefined ? undefined : { cursor });
    },
  };
  return { ok: true, live };
}

/** Whether what has been asked for one is what the other would ask for. */
export function asksTheSame(one: Live, other: Live): boolean {
  return (
    one.source.subgraph === other.source.subgraph &&
    one.source.query === other.source.query &&
    JSON.stringify(one.variables) === JSON.stringify(other.variables)
  );
}
