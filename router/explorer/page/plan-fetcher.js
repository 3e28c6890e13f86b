/** Asks with every operation how it was run, and keeps what the router tells of it for the plan's panel. */
import { createGraphiQLFetcher } from '@graphiql/toolkit';

const listeners = new Set();
/**
 * `undefined` before the first answer, `null` when the router does not tell, `refused` when nothing was run, `live` of a
 * subscription, which runs again and again.
 */
let shown;

export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const currentPlan = () => shown;

export function createPlanFetcher(url) {
  // Subscriptions go over a socket at the same address. `ws:` for `http:`, `wss:` for `https:`.
  const subscriptionUrl = new URL(url, window.location.href).href.replace(/^http/, 'ws');
  // Answers come in one piece, so that there is one result to look into.
  const ask = createGraphiQLFetcher({ url, subscriptionUrl, enableIncrementalDelivery: false });
  return async (params, options) => {
    if (params.operationName === 'IntrospectionQuery') return ask(params, options);
    if (isSubscription(params, options)) {
      show('live');
      return ask(params, options);
    }
    const result = await ask(params, {
      ...options,
      headers: { ...options?.headers, 'graphql-plan': 'report' },
    });
    show(result?.extensions?.plan ?? (result?.data === undefined ? 'refused' : null));
    return withoutPlan(result);
  };
}

function isSubscription({ operationName }, options) {
  return options?.documentAST?.definitions.some(
    ({ operation, name }) =>
      operation === 'subscription' && (!operationName || name?.value === operationName),
  );
}

function show(plan) {
  shown = plan;
  for (const listener of listeners) listener();
}

/** The answer is shown as other clients get it. */
function withoutPlan(result) {
  if (!result?.extensions?.plan) return result;
  const { plan: _, ...extensions } = result.extensions;
  const { extensions: __, ...rest } = result;
  return Object.keys(extensions).length > 0 ? { ...rest, extensions } : rest;
}
