/** Reads what is to be reviewed: supergraph.yaml, the SDL that it names, the registered operations and their budgets. */
import { readBudgets, readUsage } from './repository/budgets.ts';
import { DEFAULT_LAYOUT, type Layout } from './repository/layout.ts';
import { readOperations } from './repository/operations.ts';
import { readSubgraphs } from './repository/subgraphs.ts';
import type { Budget, Operation, Repository, SubgraphFile, Usage } from './repository/types.ts';
import type { Source } from './source.ts';

export { operationKey } from './repository/types.ts';
export type { Budget, Operation, Repository, SubgraphFile, Usage };

export async function readRepository(source: Source, layout: Partial<Layout> = {}): Promise<Repository> {
  const paths = { ...DEFAULT_LAYOUT, ...layout };
  const subgraphs = await readSubgraphs(source, paths.supergraph);
  const operations = await readOperations(source, paths.operations);
  const { budgets, budgetFiles } = await readBudgets(source, paths.operations);
  const usage = paths.usage === undefined ? undefined : await readUsage(source, paths.usage);
  return { subgraphs, operations, budgets, budgetFiles, ...(usage && { usage }) };
}
