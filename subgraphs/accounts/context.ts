/** What resolvers get: who asks, the services of the process, and loaders of this request alone. */

import type { Viewer } from '@souk/kit/auth/viewer';
import type { RequestContext } from '@souk/kit/room/subgraph';
import { deviceName } from './domain/device-name.ts';
import { networkOf } from './domain/network.ts';
import type { Actor, Services } from './domain/services.ts';
import { createLoaders, type Loaders } from './loaders.ts';

export interface Context {
  viewer: Viewer;
  actor: Actor;
  services: Services;
  loaders: Loaders;
}

export function createContext({ viewer, requestId }: RequestContext, services: Services): Context {
  return {
    viewer,
    actor: { viewer, requestId, device: deviceName(viewer.userAgent), network: networkOf(viewer.ip) },
    services,
    loaders: createLoaders(services.db, services.now),
  };
}
