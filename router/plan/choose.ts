/** Which planner serves: the native one where there is a build of it, else Apollo's. See docs/adr/0013-planner.md. */
import type { Log } from '@souk/kit/observe/log';
import type { Supergraph } from '../supergraph/load.ts';
import { apolloPlanner } from './apollo.ts';
import { nativePlanner } from './native.ts';
import type { Planner } from './planner.ts';

export function choosePlanner(
  supergraph: Pick<Supergraph, 'sdl' | 'plan'>,
  log: Log,
  makeNative: (sdl: string) => Planner | undefined = nativePlanner,
): Planner {
  const apollo = apolloPlanner(supergraph);
  const native = makeNative(supergraph.sdl);
  if (!native) {
    log.warn('There is no native query planner for this platform; the slower one in JavaScript serves');
    return apollo;
  }
  return {
    name: native.name,
    plan: (document, operationName) => {
      try {
        return native.plan(document, operationName);
      } catch (error) {
        // Chains of @requires, for one, are more than it can plan.
        log.debug({ err: error }, 'The native query planner gave up; the one in JavaScript plans');
        return apollo.plan(document, operationName);
      }
    },
  };
}
