/** The 16 databases, the moment that a command sees, and what has to be told when a key changes. */
import { Database } from './database.ts';

export const DATABASES = 16;

/** As in `notify-keyspace-events`: generic, string, list, set, hash, sorted set, expired, stream, new key, key miss. */
export type EventClass = 'g' | '$' | 'l' | 's' | 'h' | 'z' | 'x' | 't' | 'n' | 'm';

export interface KeyspaceListener {
  /** The key changed, came or went: who watches it or waits for it wants to know. */
  touched(database: number, key: string): void;
  event(eventClass: EventClass, event: string, database: number, key: string): void;
  /** A key whose time had come was deleted. */
  expired(database: number, key: string): void;
  /** A key now expires earlier than all others. */
  expiresNext(at: number): void;
}

const NO_LISTENER: KeyspaceListener = { touched() {}, event() {}, expired() {}, expiresNext() {} };

export class Keyspace {
  readonly databases: readonly Database[];
  listener: KeyspaceListener = NO_LISTENER;
  /** Milliseconds since 1970; it stands still during a command. While a log is replayed it is 0: nothing expires. */
  now = 0;
  /** How many changes were made so far. */
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
