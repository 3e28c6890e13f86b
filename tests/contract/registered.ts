/** Registered operations as they are run here: with what stands beside them in budgets.json, by somebody of the demo shop. */
import type { Handler } from '@souk/kit/http/handler';
import { demoSignIns } from '../../demo/sign-ins.ts';
import type { Keys } from './crawl.ts';
import { fileText, isThere, type Operation, registeredOperations } from './files.ts';
import { type Answer, send } from './open-house.ts';

/** What an operation may cost at most, and what it is measured with. */
export interface Budget {
  /** Of a subscription: its own, and those of one event. */
  subgraphFetches: number;
  /** Not held where it is not said. */
  storeRoundTrips?: number;
  /** `"{Product}"` stands for the id of some product of the demo shop. */
  variables: Record<string, unknown>;
  /** Who asks: one of the demo sign-ins; a guest when not said. */
  as?: string;
}

export interface BudgetedOperation extends Operation {
  budget: Budget | undefined;
}

export function budgetedOperations(): BudgetedOperation[] {
  return registeredOperations().map((operation) => {
    const file = `schema/operations/${operation.client}/budgets.json`;
    const budgets = isThere(file) ? (JSON.parse(fileText(file)) as Record<string, Budget>) : {};
    return { ...operation, budget: budgets[operation.name] };
  });
}

export function variablesOf({ variables }: Budget, keys: Keys): Record<string, unknown> {
  const text = JSON.stringify(variables).replace(/\{([A-Z]\w+)\}/g, (_, type: string) => {
    const [id] = keys.get(type) ?? [];
    if (id === undefined) throw new Error(`the demo shop has no ${type}`);
    return id;
  });
  return JSON.parse(text) as Record<string, unknown>;
}

const SIGN_IN = `mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { tokens { accessToken } } }`;
const tokens = new Map<string, string>();

export async function runAs(
  router: Handler,
  who: string | undefined,
  query: string,
  variables: object,
): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (who !== undefined) headers.authorization = `Bearer ${await tokenOf(router, who)}`;
  return send(router, headers, { query, variables });
}

async function tokenOf(router: Handler, who: string): Promise<string> {
  const known = tokens.get(who);
  if (known !== undefined) return known;
  const { email, password } = demoSignIns.find(({ is }) => is === who)!;
  const { data } = await send(router, {}, { query: SIGN_IN, variables: { input: { email, password } } });
  const token = data.sessionCreate.tokens.accessToken as string;
  tokens.set(who, token);
  return token;
}
