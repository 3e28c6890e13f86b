/** Which planner serves: the native one where there is a build of it, else Apollo's. See docs/adr/0013-planner.md. */
import type { Log } from '@souk/kit/log';
import type { Supergraph } from '../supergraph/load.ts';
import { apolloPlanner } from './apollo.ts';
import { nativePlanner } from './native.ts';
import type { Planner } from './planner.ts';

export function choosePlanner(supergraph: Pick<Supergraph, 'sdl' | 'plan'>, log: Log): Planner {
  const native = nativePlanner(supergraph.sdl);
  if (native) return native;
  log.warn('There is no native query planner for this platform; the slower one in JavaScript serves');
  return apolloPlanner(supergraph);
}
