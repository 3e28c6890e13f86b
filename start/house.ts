/** Stores and rooms together: what serving, seeding and migrating all begin with. */
import type { KeyObject } from 'node:crypto';
import { createLog, type Log } from '@souk/kit/observe/log';
import type { Store } from '@souk/kit/observe/request-scope';
import type { Room } from '@souk/kit/room/room';
import { type StartedRoom, startRooms, stopRooms } from './rooms.ts';
import type { ProcessSettings } from './settings.ts';
import { openStores, type Stores } from './stores.ts';

export interface HouseOptions {
  rooms: readonly Room[];
  settings: ProcessSettings;
  /** Where clients reach the rooms' own paths. */
  publicUrl: string;
  /** Signs who is asking. */
  viewerKey: KeyObject;
  onEmbedding(stores: readonly Store[]): void;
  /** An embedded server died: there is nothing to go on with. */
  onCrash(message: string): void;
}

export interface House {
  started: readonly StartedRoom[];
  /** Where each room's stores are. */
  storeUrls: Stores['urls'];
  close(): Promise<void>;
}

/** People read standard output along; logs go beside it. */
export function logsOf({ logLevel }: ProcessSettings): (service: string) => Log {
  return (service) => createLog({ service, level: logLevel, destination: process.stderr });
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { rooms, settings, publicUrl, viewerKey, onEmbedding, onCrash } = options;
  const { dataDir, tracesEndpoint } = settings;
  const logOf = logsOf(settings);
  const log = logOf('souk');
  const warn = (message: string) => log.warn(message);
  const stores = await openStores({ rooms, urls: settings.urls, dataDir, warn, onCrash, onEmbedding });
  try {
    const started = await startRooms({
      rooms,
      urls: stores.urls,
      settings: { ...settings.ofRooms, SOUK_PUBLIC_URL: publicUrl },
      viewerKey,
      logOf,
      tracesEndpoint,
    });
    const close = async () => {
      // The stores go last, also when a room could not end well.
      await stopRooms(started).finally(stores.stop);
    };
    return { started, storeUrls: stores.urls, close };
  } catch (error) {
    // The first fault is the one to tell; a second one on the way out would only hide it.
    await stores.stop().catch(() => {});
    throw error;
  }
}
