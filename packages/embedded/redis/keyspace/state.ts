/** What all databases have in common, and whom they tell what happens to their keys. */

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

export interface KeyspaceState {
  readonly listener: KeyspaceListener;
  /** Milliseconds since 1970; it stands still during a command. While a log is replayed it is 0: nothing expires. */
  readonly now: number;
  /** How many changes were made so far. */
  changes: number;
  hits: number;
  misses: number;
  expiredKeys: number;
}
