import type { RequestContext } from '../../room/subgraph.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import type { ToyStores } from './store/open.ts';

/** The third argument of every resolver. */
export interface ToyContext extends RequestContext {
  stores: ToyStores;
  loaders: Loaders;
}

export function createContext(request: RequestContext, stores: ToyStores): ToyContext {
  return { ...request, stores, loaders: createLoaders(stores) };
}
