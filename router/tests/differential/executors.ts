/** The executors that are held against each other, each over the same subgraphs. */
import { silentLog } from '@souk/kit/log';
import { createAskSubgraph, createSubgraphClient } from '../../execute/ask-subgraph.ts';
import { createCompiledExecutor } from '../../execute/compiled/executor.ts';
import type { Executor } from '../../execute/executor.ts';
import { createStockExecutor } from '../../execute/stock.ts';
import type { Transport } from '../../execute/transport.ts';
import { apolloPlanner } from '../../plan/apollo.ts';
import { choosePlanner } from '../../plan/choose.ts';
import type { Planner } from '../../plan/planner.ts';
import type { Supergraph } from '../../supergraph/load.ts';

export type MakeExecutor = (supergraph: Supergraph, transports: ReadonlyMap<string, Transport>) => Executor;

const SETTINGS = { timeoutMs: 30_000, maskErrors: false, log: silentLog };

export const stock: MakeExecutor = (supergraph, transports) =>
  createStockExecutor({
    supergraph,
    subgraphs: new Map(
      [...transports].map(([subgraph, transport]) => [
        subgraph,
        createAskSubgraph({ subgraph, transport, ...SETTINGS }),
      ]),
    ),
    close: async () => {},
    log: silentLog,
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

/** And on those that serve where there is a build of the native planner. */
export const compiledAsServed = compiledWith((supergraph) => choosePlanner(supergraph, silentLog));

/** How many operations the compiled executor left to the stock one, by reason. */
export const fallbacks = new Map<string, number>();
