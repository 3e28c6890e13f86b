/** What registered operations cost before and after, what got worse, and whether it is within their budgets. */
import { Kind, print } from 'graphql';
import type { Finding, Place } from '../finding.ts';
import { placeOf } from '../locations.ts';
import { type Budget, type Operation, operationKey } from '../repository.ts';
import type { Snapshot } from '../snapshot.ts';
import { estimateCost } from './estimate.ts';
import type { OperationPlan } from './plan.ts';

export interface Figures {
  plan: OperationPlan;
  /** By @cost and @listSize, with the variables of its budget. */
  cost: number;
}

export interface OperationCost {
  client: string;
  name: string;
  file: string;
  /** Not there if it is new, or was not valid. */
  before?: Figures;
  /** Not there if it is gone, or is not valid any more. */
  after?: Figures;
}

/** What got worse first. */
export function costsOf(base: Snapshot, head: Snapshot): OperationCost[] {
  const [before, after] = [operationsOf(base), operationsOf(head)];
  const costs = [...new Map([...before, ...after])].map(([key, { client, name, file }]) => {
    const [was, is] = [figuresOf(before.get(key), base, head), figuresOf(after.get(key), head, head)];
    return { client, name, file, ...(was && { before: was }), ...(is && { after: is }) };
  });
  return costs.sort((a, b) => growthOf(b) - growthOf(a) || (operationKey(a) < operationKey(b) ? -1 : 1));
}

const operationsOf = ({ repository }: Snapshot) =>
  new Map(repository.operations.map((operation) => [operationKey(operation), operation]));

/** Both sides with the same variables, so that they can be compared. */
function figuresOf(
  operation: Operation | undefined,
  { composed, repository }: Snapshot,
  head: Snapshot,
): Figures | undefined {
  const plan = operation && composed?.plans.get(operationKey(operation));
  if (!operation || !composed || !plan) return undefined;
  const key = operationKey(operation);
  const budget = head.repository.budgets.get(key) ?? repository.budgets.get(key);
  return { plan, cost: estimateCost(operation.document, composed.view, budget?.variables ?? {}) };
}

/** Fetches weigh most: each is a round trip, and each that waits another one after it. */
function growthOf({ before, after }: OperationCost): number {
  if (!before || !after) return 0;
  const plans = after.plan.fetches - before.plan.fetches + 2 * (after.plan.depth - before.plan.depth);
  return plans * 1_000_000 + (after.cost - before.cost);
}

export function findCosts(base: Snapshot, head: Snapshot, costs: readonly OperationCost[]): Finding[] {
  const [before, after] = [operationsOf(base), operationsOf(head)];
  return costs.flatMap((cost) => {
    const operation = after.get(operationKey(cost));
    if (!operation || !cost.after) return [];
    const old = before.get(operationKey(cost));
    const isSame = old !== undefined && print(old.document) === print(operation.document);
    const found = [...growth(cost, isSame), ...budgetFindings(cost, base, head)];
    return found.map(({ place, ...finding }) => ({
      ...finding,
      area: 'cost' as const,
      place: place ?? placeOfOperation(operation),
    }));
  });
}

function placeOfOperation({ document, file }: Operation): Place {
  const [node] = document.definitions;
  const name = node?.kind === Kind.OPERATION_DEFINITION ? node.name : undefined;
  return (name && placeOf(name)) ?? { file, line: 1, column: 1 };
}

type Draft = Omit<Finding, 'area'>;

function growth({ client, name, before, after }: OperationCost, isSame: boolean): Draft[] {
  if (!before || !after) return [];
  const found: Draft[] = [];
  // Who asks for more pays more, and knows it.
  const level = isSame ? 'risky' : 'safe';
  const fetches = after.plan.fetches - before.plan.fetches;
  const depth = after.plan.depth - before.plan.depth;
  const who = `${client}/${name}`;
  const what = `${counted(after.plan)} instead of ${counted(before.plan)}`;
  if (fetches > 0 || depth > 0)
    found.push({ code: 'OPERATION_PLAN_GREW', level, message: `${who} needs ${what}` });
  else if (fetches < 0 || depth < 0)
    found.push({ code: 'OPERATION_PLAN_SHRANK', level: 'safe', message: `${who} needs ${what}` });
  else if (after.plan.services.join() !== before.plan.services.join())
    found.push({
      code: 'OPERATION_SERVICES_CHANGED',
      level: 'safe',
      message: `${who} asks ${after.plan.services.join(', ')} instead of ${before.plan.services.join(', ')}`,
    });
  if (after.cost > before.cost)
    found.push({
      code: 'OPERATION_COST_ROSE',
      level,
      message: `${who} is estimated at ${after.cost} instead of ${before.cost}`,
    });
  if (after.cost < before.cost)
    found.push({
      code: 'OPERATION_COST_FELL',
      level: 'safe',
      message: `${who} is estimated at ${after.cost} instead of ${before.cost}`,
    });
  return found;
}

const counted = ({ fetches, depth, services }: OperationPlan): string =>
  `${fetches} ${fetches === 1 ? 'fetch' : 'fetches'}${depth > 1 ? `, ${depth} of them one after the other,` : ''} of ${services.join(', ')}`;

const HELD = [
  { budget: 'subgraphFetches', what: 'fetches', of: ({ plan }: Figures) => plan.fetches },
  { budget: 'depth', what: 'fetches one after the other', of: ({ plan }: Figures) => plan.depth },
  { budget: 'cost', what: 'of estimated cost', of: ({ cost }: Figures) => cost },
] as const;

function budgetFindings(
  { client, name, before, after }: OperationCost,
  base: Snapshot,
  head: Snapshot,
): Draft[] {
  const key = operationKey({ client, name });
  const [old, now] = [base.repository.budgets.get(key), head.repository.budgets.get(key)];
  const file = head.repository.budgetFiles.get(client);
  if (!now) return file === undefined || (before && !old) ? [] : [missing(key, file)];
  return HELD.flatMap(({ budget, what, of }) => {
    const [is, was] = [of(after!), before && of(before)];
    const [limit, oldLimit] = [now[budget], old?.[budget]];
    const found: Draft[] = [];
    if (oldLimit !== undefined && (limit === undefined || limit > oldLimit))
      found.push({
        code: 'BUDGET_RAISED',
        level: 'risky',
        message: `The budget of ${key} allows ${limit ?? 'any'} ${what} instead of ${oldLimit}`,
        place: placeOfBudget(now),
      });
    // What stood over its budget before is no doing of this change.
    const isOld = was !== undefined && is <= was && old !== undefined && limit === oldLimit;
    if (limit !== undefined && is > limit && !isOld)
      found.push({
        code: 'BUDGET_EXCEEDED',
        // Measured budgets leave out fetches for which there was no data; what grew past them is over in any case.
        level: budget === 'subgraphFetches' && (was === undefined || was > limit) ? 'risky' : 'breaking',
        message: `${key} plans ${is} ${what}, and its budget allows ${limit}`,
        place: placeOfBudget(now),
        remedy: 'Ask for less, let one subgraph serve more of it, or raise the budget with a reason.',
      });
    return found;
  });
}

const missing = (key: string, file: string): Draft => ({
  code: 'BUDGET_MISSING',
  level: 'risky',
  message: `${key} has no budget in ${file}, as its neighbours have`,
  remedy: 'Run it once and write down what it may need.',
});

const placeOfBudget = ({ file, line }: Budget): Place => ({ file, line, column: 1 });
