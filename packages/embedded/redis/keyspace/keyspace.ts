/** The 16 databases, the moment that a command sees, and what has to be told when a key changes. */
import { Database } from './database.ts';
import type { KeyspaceListener, KeyspaceState } from './state.ts';

export const DATABASES = 16;

const NO_LISTENER: KeyspaceListener = { touched() {}, event() {}, expired() {}, expiresNext() {} };

export class Keyspace implements KeyspaceState {
  readonly databases: readonly Database[];
  listener: KeyspaceListener = NO_LISTENER;
  now = 0;
  changes = 0;
  hits = 0;
  misses = 0;
  expiredKeys = 0;

  constructor() {
    this.databases = Array.from({ length: DATABASES }, (_, index) => new Database(index, this));
  }

  swap(first: Database, second: Database): void {
    first.swapContents(second);
    this.changes++;
  }

  /** Deletes keys whose time has come, so many at most; whether there may be more. */
  expireDue(limit: number): boolean {
    let left = limit;
    for (const database of this.databases) {
      while (left > 0 && database.expireOne()) left--;
    }
    return left === 0;
  }

  get nextExpiry(): number | undefined {
    const times = this.databases.flatMap(({ nextExpiry }) => nextExpiry ?? []);
    return times.length > 0 ? Math.min(...times) : undefined;
  }
}
