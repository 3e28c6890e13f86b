/** The executors that are held against each other, each over the same subgraphs. */
import { silentLog } from '@souk/kit/observe/log';
import { createAskSubgraph, createSubgraphClient } from '../../execute/ask-subgraph.ts';
import { createCompiledExecutor } from '../../execute/compiled/executor.ts';
import {
  answerWithClientNames,
  fieldNamesOf,
  type InDocument,
  keptApart,
} from '../../execute/compiled/response-names.ts';
import type { Executor, Operation } from '../../execute/executor.ts';
import { createStockExecutor } from '../../execute/stock.ts';
import type { Transport } from '../../execute/transport.ts';
import { apolloPlanner } from '../../plan/apollo.ts';
import { choosePlanner } from '../../plan/choose.ts';
import type { Planner } from '../../plan/planner.ts';
import type { Supergraph } from '../../supergraph/load.ts';
import { inApollosForm } from './in-apollos-form.ts';
import { askLists, LISTS, renaming, toldInPlace } from './stand-ins.ts';

export type MakeExecutor = (supergraph: Supergraph, transports: ReadonlyMap<string, Transport>) => Executor;

const SETTINGS = { timeoutMs: 30_000, maskErrors: false, log: silentLog };

const stockWith =
  (plan?: (supergraph: Supergraph) => Supergraph['plan']): MakeExecutor =>
  (supergraph, transports) => {
    const asks = [...transports].map(([subgraph, transport]) => {
      const ask = createAskSubgraph({ subgraph, transport, ...SETTINGS });
      return [subgraph, renaming(ask)] as const;
    });
    const fieldNames = fieldNamesOf(supergraph.schema);
    const known = new WeakMap<Operation['definition'], InDocument>();
    /** Planners mistake some names; what is asked of them is the same on both sides. */
    const apart = (operation: Operation): Operation => {
      const kept = known.get(operation.definition) ?? keptApart(operation, fieldNames);
      known.set(operation.definition, kept);
      return { ...operation, ...kept };
    };
    const executor = createStockExecutor({
      supergraph: plan ? { ...supergraph, plan: plan(supergraph) } : supergraph,
      subgraphs: new Map([...asks, [LISTS, askLists]]),
      close: async () => {},
      log: silentLog,
    });
    return {
      ...executor,
      execute: async (operation) => {
        const answer = await executor.execute(apart(operation));
        const errors = toldInPlace(answer.errors, operation.caller);
        return answerWithClientNames({ ...answer, errors });
      },
    };
  };

/** On the plans of its own planner. */
export const stock = stockWith();

/** On the plans that serve where there is a build of the native planner. */
export const stockAsServed = stockWith((supergraph) => {
  const planner = choosePlanner(supergraph, silentLog);
  return (document, operationName) => inApollosForm(planner.plan(document, operationName), supergraph.schema);
});

const compiledWith =
  (plannerOf: (supergraph: Supergraph) => Planner): MakeExecutor =>
  (supergraph, transports) =>
    createCompiledExecutor({
      supergraph,
      planner: plannerOf(supergraph),
      subgraphs: new Map(
        [...transports].map(([subgraph, transport]) => [
          subgraph,
          createSubgraphClient({ subgraph, transport, ...SETTINGS }),
        ]),
      ),
      reference: stock(supergraph, transports),
      planCapacity: 100,
      onFallback: (reason) => {
        fallbacks.set(reason, (fallbacks.get(reason) ?? 0) + 1);
      },
      log: silentLog,
    });

/** What is held against it, on the plans that it makes itself. */
export const compiled = compiledWith(apolloPlanner);

/** And on those that serve. */
export const compiledAsServed = compiledWith((supergraph) => choosePlanner(supergraph, silentLog));

/** How many operations the compiled executor left to the stock one, by reason. */
export const fallbacks = new Map<string, number>();
