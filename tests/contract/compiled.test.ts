/** No registered query or mutation needs the reference executor, whoever asks and whatever is withheld from them. */
import { expect, test } from '@jest/globals';
import { silentLog } from '@souk/kit/observe/log';
import { createCompiledExecutor } from '../../router/execute/compiled/executor.ts';
import { createDocuments } from '../../router/operation/documents.ts';
import { DEFAULT_LIMITS } from '../../router/operation/limits.ts';
import { apolloPlanner } from '../../router/plan/apollo.ts';
import { nativePlanner } from '../../router/plan/native.ts';
import { loadSupergraph } from '../../router/supergraph/load.ts';
import { registeredOperations, supergraphSdl } from './files.ts';

const supergraph = loadSupergraph(supergraphSdl);
const documents = createDocuments({
  schema: supergraph.apiSchema,
  rules: supergraph.rules,
  limits: DEFAULT_LIMITS,
  introspection: true,
  capacity: 100,
});
const viewers = {
  'a guest': { authenticated: false, scopes: [], policies: [] },
  'somebody without scopes': { authenticated: true, scopes: [], policies: [] },
};
const never = { execute: () => Promise.reject(new Error('not needed')), close: async () => {} };

const rows = [nativePlanner(supergraph.sdl)!, apolloPlanner(supergraph)].flatMap((planner) =>
  registeredOperations()
    .filter(({ kind }) => kind !== 'subscription')
    .map((operation) => ({ ...operation, planner, by: planner.name })),
);

test.each(rows)('$client/$name is compiled, planned by the $by planner', ({ planner, text }) => {
  const executor = createCompiledExecutor({
    supergraph,
    planner,
    subgraphs: new Map(),
    reference: never,
    planCapacity: 100,
    onFallback: () => {},
    log: silentLog,
  });
  const found = documents.operation(text, undefined);
  if (!found.ok) throw new Error(JSON.stringify(found.errors));
  const { document, definition, forViewer } = found.operation;
  const whole = { document, definition, withheld: new Map() };
  const asked = [whole, ...Object.values(viewers).map((permissions) => forViewer(permissions))];
  const caller = { requestId: '', headers: () => ({}), hasLeft: () => false, observe: () => {} };
  for (const { document, definition, withheld } of asked) {
    const fetches = executor.explain!({ document, definition, withheld, variables: {}, caller });
    // Where everything is withheld nobody is asked, which is a plan too.
    expect(fetches).toBeInstanceOf(Array);
  }
});
