/** Every registered query and mutation has a budget beside it and keeps to it; tests/e2e/subscriptions holds the others. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Handler } from '@souk/kit/http/handler';
import { parseRoundTrips, ROUND_TRIPS_HEADER } from '@souk/kit/observe/round-trips';
import type { Router } from '@souk/router/create';
import type { Keys } from '../crawl.ts';
import type { OpenHouse } from '../open-house.ts';
import { budgetedOperations, runAs, variablesOf } from '../registered.ts';

const FULL_PAGES = `{
  categoryBySlug(slug: "lamps") { products(first: 20) { nodes { id } } }
  productBySlug(slug: "beni-ourain-prayer-rug") { reviews(first: 5) { nodes { id } } }
}`;

interface Spent {
  subgraphFetches: number;
  storeRoundTrips: number;
}

export function promiseBudgets(house: () => OpenHouse, keys: Keys): void {
  const asked = budgetedOperations().filter(({ kind }) => kind !== 'subscription');
  const spent: Spent = { subgraphFetches: 0, storeRoundTrips: 0 };
  let router: Router;
  beforeAll(async () => {
    router = await house().openRouter(counting(house(), spent));
  });
  afterAll(() => router?.stop());

  test.each(asked.map((operation) => [operation.client, operation.name, operation] as const))(
    'keeps %s %s within its budget',
    async (client, name, { text, budget }) => {
      if (!budget) throw new Error(`schema/operations/${client}/budgets.json lacks ${name}`);
      const variables = variablesOf(budget, keys);
      // Signs in first, so that it is not counted.
      await runAs(router.handler, budget.as, '{ __typename }', {});
      Object.assign(spent, { subgraphFetches: 0, storeRoundTrips: 0 });
      const { data, errors } = await runAs(router.handler, budget.as, text, variables);
      expect(errors).toEqual([]);
      for (const answer of Object.values(data as Record<string, { userErrors?: unknown[] } | null>)) {
        expect(answer).not.toBeNull();
        expect(answer!.userErrors ?? []).toEqual([]);
      }
      const { subgraphFetches, storeRoundTrips } = budget;
      // What an operation needs less than its budget is taken off the budget, or it would slowly creep back.
      expect(spent).toEqual({ subgraphFetches, storeRoundTrips });
    },
  );

  test('holds them to pages that are full', async () => {
    const { data } = await runAs(router.handler, undefined, FULL_PAGES, {});
    expect(data.categoryBySlug.products.nodes).toHaveLength(20);
    expect(data.productBySlug.reviews.nodes).toHaveLength(5);
  });
}

function counting({ started, handlerOf }: OpenHouse, spent: Spent): Record<string, Handler> {
  const counted = ({ name }: { name: string }): Handler => {
    const handler = handlerOf(name);
    return async (request) => {
      const response = await handler(request);
      const { postgres, mongodb, redis } = parseRoundTrips(response.headers[ROUND_TRIPS_HEADER] ?? '');
      spent.subgraphFetches += 1;
      spent.storeRoundTrips += postgres + mongodb + redis;
      return response;
    };
  };
  return Object.fromEntries(started.map(({ room }) => [room.name, counted(room)]));
}
