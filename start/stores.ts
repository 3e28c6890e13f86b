/** Starts the embedded servers that no URL is set for, and tells every room its URLs. */
import { type Embedded, SERVER_KINDS, startEmbedded } from '@souk/embedded/start';
import type { Store } from '@souk/kit/observe/request-scope';
import type { Room } from '@souk/kit/room/room';

export interface StoresOptions {
  rooms: readonly Pick<Room, 'name' | 'stores'>[];
  urls: Record<string, Partial<Record<Store, string>>>;
  dataDir: string;
  warn(message: string): void;
  onCrash(message: string): void;
  /** Called before they start, with what will be embedded. */
  onEmbedding(stores: readonly Store[]): void;
}

export interface Stores {
  urls: Record<string, Partial<Record<Store, string>>>;
  stop(): Promise<void>;
}

export async function openStores(options: StoresOptions): Promise<Stores> {
  const { rooms, urls, dataDir, warn, onCrash, onEmbedding } = options;
  const missing = SERVER_KINDS.filter((store) =>
    rooms.some((room) => room.stores.includes(store) && urls[room.name]?.[store] === undefined),
  );
  if (missing.length === 0) return { urls, stop: async () => {} };
  onEmbedding(missing);
  const embedded: Embedded = await startEmbedded({ dataDir, only: missing, warn, onCrash });
  const complete = Object.fromEntries(
    rooms.map((room) => [
      room.name,
      Object.fromEntries(
        room.stores.map((store) => [store, urls[room.name]?.[store] ?? embedded.urls[store]]),
      ),
    ]),
  );
  return { urls: complete, stop: embedded.stop };
}
