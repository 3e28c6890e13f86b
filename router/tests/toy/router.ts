/** A router over the library, in this process, and its end. */
import { silentLog } from '@souk/kit/observe/log';
import { createRouter, type Router, type RouterOptions } from '../../create.ts';
import { composeLibrary, createLibrary, handlersOf, type Library } from './library.ts';

export interface ToyRouter {
  router: Router;
  handler: Router['handler'];
  library: Library;
}

export async function startToyRouter(options: Partial<RouterOptions> = {}): Promise<ToyRouter> {
  const library = createLibrary();
  const router = await createRouter({
    supergraph: { sdl: composeLibrary() },
    handlers: handlersOf(library),
    log: silentLog,
    ...options,
  });
  return { router, handler: router.handler, library };
}
