/** Supergraphs of a few lines whose subgraphs answer what a test writes down, run by the compiled executor. */
import { silentLog } from '@souk/kit/observe/log';
import { getOperationAST, parse } from 'graphql';
import { createSubgraphClient } from '../../execute/ask-subgraph.ts';
import { createCompiledExecutor } from '../../execute/compiled/executor.ts';
import { RenderedData } from '../../execute/executor.ts';
import { fromWire } from '../../execute/wire-text.ts';
import type { Planner } from '../../plan/planner.ts';
import { loadSupergraph } from '../../supergraph/load.ts';
import { composeOnce } from './compose.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@shareable", "@external", "@requires", "@interfaceObject"])\n`;

export interface Asked {
  query: string;
  variables: { representations?: Record<string, unknown>[] };
}
/** What a subgraph answers to a request. */
export type Answers = Record<string, (asked: Asked) => Record<string, unknown> | string>;

export function supergraphOf(sdl: Record<string, string>) {
  const linked = Object.entries(sdl).map(([name, text]) => [name, LINK + text]);
  return loadSupergraph(composeOnce(Object.fromEntries(linked)));
}

/** Runs a query on answers that are written down; tells the data and what each subgraph was asked. */
export async function run(
  supergraph: ReturnType<typeof supergraphOf>,
  planner: Planner,
  answers: Answers,
  query: string,
  variables: Record<string, unknown> = {},
) {
  const asked: (Asked & { subgraph: string })[] = [];
  const fallbacks: string[] = [];
  const clients = supergraph.subgraphs.map(({ name }) => {
    const transport = {
      send: async ({ body }: { body: Buffer }) => {
        const request: Asked = JSON.parse(body.toString());
        asked.push({ subgraph: name, ...request });
        const answer = answers[name]!(request);
        // A text is the whole answer as it is.
        const text = typeof answer === 'string' ? answer : JSON.stringify({ data: answer });
        return { ok: true as const, status: 200, body: text };
      },
      close: async () => {},
    };
    const options = { subgraph: name, transport, timeoutMs: 1_000, maskErrors: true, log: silentLog };
    return [name, createSubgraphClient(options)] as const;
  });
  const executor = createCompiledExecutor({
    supergraph,
    planner,
    subgraphs: new Map(clients),
    reference: { execute: async () => ({ errors: [] }), close: async () => {} },
    planCapacity: 10,
    onFallback: (reason) => fallbacks.push(reason),
    log: silentLog,
  });
  const document = parse(query);
  const caller = { requestId: 'r', headers: () => ({}), hasLeft: () => false, observe: () => {} };
  const definition = getOperationAST(document)!;
  const { data, errors } = await executor.execute({ document, definition, variables, caller });
  const text = data instanceof RenderedData ? fromWire(data.wireText) : JSON.stringify(data);
  return { text, data: text && JSON.parse(text), errors, asked, fallbacks };
}
