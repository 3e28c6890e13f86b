/** WATCH: which connections are to be told that a key was changed before their EXEC. */
import type { Client } from './client.ts';
import { DATABASES } from './keyspace/keyspace.ts';

export class Watches {
  readonly #watchers = Array.from({ length: DATABASES }, () => new Map<string, Set<Client>>());

  watch(client: Client, database: number, key: string): void {
    const watchers = this.#watchers[database]!;
    const clients = watchers.get(key);
    if (clients?.has(client)) return;
    client.watched.push({ database, key });
    if (clients) clients.add(client);
    else watchers.set(key, new Set([client]));
  }

  unwatchAll(client: Client): void {
    for (const { database, key } of client.watched) {
      const watchers = this.#watchers[database]!;
      const clients = watchers.get(key);
      clients?.delete(client);
      if (clients?.size === 0) watchers.delete(key);
    }
    client.watched.length = 0;
    client.watchBroken = false;
  }

  touched(database: number, key: string): void {
    const watchers = this.#watchers[database]!;
    if (watchers.size === 0) return;
    for (const client of watchers.get(key) ?? []) client.watchBroken = true;
  }

  keysIn(database: number): string[] {
    return [...this.#watchers[database]!.keys()];
  }
}
