/** Where the stores of rooms are: one URL for all of them, or one for a room alone, which goes first. */
import type { Store } from '../observe/request-scope.ts';
import { mongodbUrl, postgresUrl, redisUrl } from '../settings/kinds.ts';
import type { SettingsShape } from '../settings/settings.ts';
import type { Room } from './room.ts';

type WithStores = Pick<Room, 'name' | 'stores'>;

const URLS = {
  postgres: { setting: 'POSTGRES_URL', kind: postgresUrl.optional() },
  mongodb: { setting: 'MONGODB_URL', kind: mongodbUrl.optional() },
  redis: { setting: 'REDIS_URL', kind: redisUrl.optional() },
} as const;

/** `CATALOG_MONGODB_URL` goes before `MONGODB_URL`. */
function namesOf({ name }: WithStores, store: Store): [own: string, shared: string] {
  const { setting } = URLS[store];
  return [`${name.toUpperCase()}_${setting}`, setting];
}

export function storeSettings(room: WithStores): SettingsShape {
  const entries = room.stores.flatMap((store) =>
    namesOf(room, store).map((name) => [name, URLS[store].kind] as const),
  );
  return Object.fromEntries(entries);
}

/** Those that were given. */
export function storeUrls(
  room: WithStores,
  settings: Record<string, unknown>,
): Partial<Record<Store, string>> {
  const urls: Partial<Record<Store, string>> = {};
  for (const store of room.stores) {
    const [own, shared] = namesOf(room, store);
    const url = settings[own] ?? settings[shared];
    if (typeof url === 'string') urls[store] = url;
  }
  return urls;
}

/** For a room that has nothing embedded to fall back on. */
export function missingStoreUrls(room: WithStores, given: Record<string, string>): string[] {
  const urls = storeUrls(room, given);
  return room.stores.flatMap((store) => {
    if (urls[store] !== undefined) return [];
    const [own, shared] = namesOf(room, store);
    return [
      `${shared} is not set, but must be (or ${own} for this domain alone); npm run embedded prints one`,
    ];
  });
}
